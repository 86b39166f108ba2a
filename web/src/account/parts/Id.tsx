import { Link } from "../navigation.tsx";
import { Copy } from "./Copy.tsx";
import { shortId } from "./id-text.ts";

type Shown = { id: string; whole?: boolean };

function Text({ id, whole = false }: Shown) {
  return (
    <span className="mono" title={id}>
      {whole ? id : shortId(id)}
    </span>
  );
}

export function RoundId({ id, whole }: Shown) {
  return (
    <span className="id">
      <Link to={{ page: "round", roundId: id }} className="link">
        <Text id={id} whole={whole ?? false} />
      </Link>
      <Copy value={id} what={id} />
    </span>
  );
}

export function ExchangeId({ id, whole }: Shown) {
  return (
    <span className="id">
      <Link to={{ page: "exchange", exchangeId: id }} className="link">
        <Text id={id} whole={whole ?? false} />
      </Link>
      <Copy value={id} what={id} />
    </span>
  );
}

/** A player leads to the player's rounds. */
export function PlayerId({ id, whole }: Shown) {
  return (
    <span className="id">
      <Link to={{ page: "rounds", search: { player_id: id } }} className="link">
        <Text id={id} whole={whole ?? false} />
      </Link>
      <Copy value={id} what={id} />
    </span>
  );
}

export function PlainId({ id, whole }: Shown) {
  return (
    <span className="id">
      <Text id={id} whole={whole ?? false} />
      <Copy value={id} what={id} />
    </span>
  );
}
