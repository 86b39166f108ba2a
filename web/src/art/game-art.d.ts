declare module "virtual:game-art/*" {
  /** One SVG with a `<symbol id="art-NAME">` for every picture of the theme. */
  const sprite: string;
  export default sprite;
  /** Names of the third-party glyphs in it, for the credits. */
  export const glyphs: string[];
}
