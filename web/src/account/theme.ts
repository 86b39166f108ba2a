import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";

const felt: MantineColorsTuple = [
  "#e9f6f0",
  "#d3ece0",
  "#a6d9c1",
  "#74c5a0",
  "#3fb07f",
  "#1a9b67",
  "#0b7a50",
  "#086946",
  "#075c3b",
  "#053f29",
];

// Mantine's own surfaces in the dark: the same green greys as tokens.css.
const dark: MantineColorsTuple = [
  "#e9efec",
  "#c6d0cb",
  "#a5b3ad",
  "#7d8b85",
  "#3a4843",
  "#2b3733",
  "#1c2623",
  "#17201d",
  "#0f1614",
  "#0b110f",
];

/** Mantine with the tokens' colours: its own variables point at tokens.css, so both themes have one source. */
export const theme = createTheme({
  primaryColor: "felt",
  primaryShade: { light: 6, dark: 6 },
  colors: { felt, dark },
  fontFamily: "var(--font-text)",
  fontFamilyMonospace: "var(--font-mono)",
  defaultRadius: 8,
  radius: { xs: "4px", sm: "6px", md: "8px", lg: "8px", xl: "8px" },
  headings: { fontFamily: "var(--font-text)", fontWeight: "650" },
  cursorType: "pointer",
  components: { Paper: { defaultProps: { bg: "var(--surface-raised)" } } },
  respectReducedMotion: true,
});

const tokens = {
  "--mantine-color-body": "var(--surface)",
  "--mantine-color-text": "var(--text)",
  "--mantine-color-dimmed": "var(--text-dim)",
  "--mantine-color-placeholder": "var(--text-dim)",
  "--mantine-color-anchor": "var(--link)",
  "--mantine-color-error": "var(--danger)",
  "--mantine-color-default": "var(--surface-raised)",
  "--mantine-color-default-hover": "var(--surface-sunken)",
  "--mantine-color-default-color": "var(--text)",
  "--mantine-color-default-border": "var(--line)",
  "--mantine-color-felt-light": "var(--felt-tint)",
  "--mantine-color-felt-light-hover": "var(--felt-tint)",
  "--mantine-color-felt-light-color": "var(--link)",
  "--mantine-color-felt-text": "var(--link)",
};

export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: { ...tokens },
  dark: { ...tokens },
});
