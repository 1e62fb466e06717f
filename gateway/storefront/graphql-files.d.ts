/** esbuild hands operation files over as text (loader "text"). */
declare module '*.graphql' {
  const document: string;
  export default document;
}

declare module '*.css';
