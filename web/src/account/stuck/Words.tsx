import { Textarea } from "@mantine/core";

const WORDS_MIN = 10;
const WORDS_MAX = 2000;

type WordsProps = {
  label: string;
  hint?: string;
  value: string;
  change: (words: string) => void;
  /** Whether a dialog that opens puts the cursor here. */
  first?: boolean;
};

/** Evidence or a reason, in a person's own words; both are kept for good. */
export function Words({ label, hint, value, change, first = false }: WordsProps) {
  return (
    <Textarea
      label={label}
      description={hint}
      data-first-field={first || undefined}
      required
      minLength={WORDS_MIN}
      maxLength={WORDS_MAX}
      autosize
      minRows={2}
      value={value}
      onChange={(event) => {
        change(event.currentTarget.value);
      }}
    />
  );
}

export function saysEnough(words: string): boolean {
  return words.trim().length >= WORDS_MIN;
}
