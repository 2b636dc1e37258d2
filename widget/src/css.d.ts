/** Style sheets are imported as minified text (build.mjs) and adopted as constructable style sheets. */
declare module '*.css' {
  const text: string;
  export default text;
}
