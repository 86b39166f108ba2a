<?php
// A wallet of somebody else: each call is an address with parameters, sealed by MD5 over all of them by name and the key;
// money is decimal text, every answer has status 200, and the accounts lie in files.
//
//   WALLET_FILES=folder WALLET_KEY=key PHP_CLI_SERVER_WORKERS=4 php -S 127.0.0.1:9000 query_wallet.php

declare(strict_types=1);

$forgets = getenv('WALLET_BUG') === 'forgets rollbacks of bets that never came';

function say(array $answer): never
{
    header('Content-Type: application/json');
    echo json_encode($answer);
    exit;
}

function no(string $error, array $more = []): never
{
    say(['status' => 'error', 'error' => $error] + $more);
}

function place(string $kind, string $name): string
{
    return getenv('WALLET_FILES') . "/$kind-" . sha1($name);
}

function load(string $kind, string $name): ?array
{
    $file = place($kind, $name);
    return is_file($file) ? json_decode(file_get_contents($file), true) : null;
}

function keep(string $kind, string $name, array $row): void
{
    file_put_contents(place($kind, $name), json_encode($row));
}

function field(string $name, string $form = '/^.{1,64}$/us'): string
{
    $value = $_GET[$name] ?? null;
    return is_string($value) && preg_match($form, $value) ? $value : no('BAD');
}

function done(array $account): array
{
    $balance = sprintf('%d.%02d', intdiv($account['cents'], 100), $account['cents'] % 100);
    return ['status' => 'ok', 'balance' => $balance, 'currency' => $account['currency'], 'ref' => bin2hex(random_bytes(8))];
}

$gate = fopen(getenv('WALLET_FILES') . '/gate', 'c');
flock($gate, LOCK_EX); // one call at a time, until this one has ended

if ($_SERVER['REQUEST_METHOD'] === 'POST') {
    $asked = json_decode(file_get_contents('php://input'), true);
    $login = 'login-' . bin2hex(random_bytes(6));
    keep('account', $login, ['cents' => $asked['balance'], 'currency' => $asked['currency']]);
    say(['player_id' => $login]);
}

$told = array_diff_key($_GET, ['hash' => '']);
ksort($told, SORT_STRING);
$text = implode('&', array_map(fn ($name) => "$name=" . (is_string($told[$name]) ? $told[$name] : ''), array_keys($told)));
if (!hash_equals(md5($text . getenv('WALLET_KEY')), field('hash'))) {
    no('HASH');
}
if (abs(time() - (int) field('time', '/^\d{1,12}$/')) > 300) {
    no('TIME');
}
$login = field('login');
$account = load('account', $login) ?? no('LOGIN');
if (field('currency') !== $account['currency']) {
    no('CURRENCY');
}
$action = field('action', '/^(balance|debit|credit|cancel)$/');
if ($action === 'balance') {
    say(done($account));
}

$tid = field('tid');
$bet = $action === 'debit' ? $tid : field('bet');
$cents = $action === 'cancel' ? 0 : (int) str_replace('.', '', field('sum', '/^\d{1,15}\.\d{2}$/D'));
$content = [$action, $login, $cents, $bet, field('round'), $_GET['bonus'] ?? ''];
$known = load('done', $tid);
$stake = load('stake', $bet);
if ($known !== null) {
    if ($known['content'] !== $content) {
        no('DIFFERS');
    }
    if ($action === 'debit' && $stake['state'] === 'cancelled') {
        no('CANCELLED');
    }
    say($known['answer']);
}
if ($stake !== null && $stake['login'] !== $login) {
    no('DIFFERS');
}
if ($action === 'debit') {
    if ($stake !== null) {
        no('CANCELLED');
    }
    if ((int) field('until', '/^\d{1,12}$/') + 30 < time()) {
        no('LATE');
    }
    $cost = $_GET['bonus'] === '1' ? 0 : $cents;
    if ($cost > $account['cents']) {
        $answer = ['status' => 'error', 'error' => 'MONEY'] + ['balance' => done($account)['balance']];
        $stake = ['login' => $login, 'cents' => 0, 'state' => 'refused'];
    } else {
        $account['cents'] -= $cost;
        $stake = ['login' => $login, 'cents' => $cost, 'state' => 'open'];
    }
} elseif ($action === 'credit') {
    if ($stake === null) {
        no('BET');
    }
    if ($stake['state'] !== 'open' && $stake['state'] !== 'paid') {
        no('DIFFERS');
    }
    $account['cents'] += $cents;
    $stake['state'] = 'paid';
} else {
    if ($stake !== null && $stake['state'] === 'paid') {
        no('DIFFERS');
    }
    $account['cents'] += $stake !== null && $stake['state'] === 'open' ? $stake['cents'] : 0;
    $stake = $stake === null && $forgets ? null : ['login' => $login, 'cents' => 0, 'state' => 'cancelled'];
}
$answer ??= done($account);
keep('account', $login, $account);
if ($stake !== null) {
    keep('stake', $bet, $stake);
}
keep('done', $tid, ['content' => $content, 'answer' => $answer]);
say($answer);
