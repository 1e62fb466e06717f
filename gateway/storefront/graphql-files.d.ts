/** esbuild hands operation files over as text (loader "text"). */
declare module '*.graphql' {
  const document: string;
  export = document;
}

declare module '*.css';
