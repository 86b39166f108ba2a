import mantine from "postcss-preset-mantine";
import variables from "postcss-simple-vars";

// Mantine's breakpoints, so that our own style sheets can name them.
const breakpoints = { xs: "36em", sm: "48em", md: "62em", lg: "75em", xl: "88em" };

export default {
  plugins: [
    mantine(),
    variables({
      variables: Object.fromEntries(
        Object.entries(breakpoints).map(([name, at]) => [`mantine-breakpoint-${name}`, at]),
      ),
    }),
  ],
};
