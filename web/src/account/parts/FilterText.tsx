import { TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useState, type ReactNode } from "react";

type Props = {
  label: string;
  value: string | undefined;
  placeholder?: string;
  icon?: ReactNode;
  first?: boolean;
  onChange: (value: string | undefined) => void;
};

/** A text filter that reaches the address a moment after the last key. `first`: the key "/" goes here. */
export function FilterText({ label, value, placeholder, icon, first = false, onChange }: Props) {
  const [text, setText] = useState(value ?? "");
  const tell = useDebouncedCallback((next: string) => {
    onChange(next.trim() || undefined);
  }, 350);
  const [seen, setSeen] = useState(value);
  if (seen !== value) {
    // The address changed from elsewhere ("clear filters", back): the box follows.
    setSeen(value);
    setText(value ?? "");
  }
  return (
    <TextInput
      label={label}
      value={text}
      placeholder={placeholder}
      leftSection={icon}
      data-first-filter={first || undefined}
      onChange={(event) => {
        setText(event.currentTarget.value);
        tell(event.currentTarget.value);
      }}
    />
  );
}
