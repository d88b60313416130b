import { type Content, type Html, html } from '@valetkey-examples/shared/html'

/** The frame around every page. */
export function layout(title: string, body: Content, account?: Content): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Contacts Demo</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/demo-app.css">
</head>
<body>
<header class="bar">
<a class="brand" href="/"><span class="tile" aria-hidden="true">C</span> Contacts Demo</a>
${account}
</header>
<main>
${body}
</main>
<footer class="foot"><p>An example application. It keeps tokens in the memory of its own server and shows them shortened.</p></footer>
</body>
</html>
`
}
