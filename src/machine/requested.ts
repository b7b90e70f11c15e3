const HERE = 'http://localhost'

/**
 * Path and query of a request, by its target (`/index.html?a=b`). Anyone may send what cannot be read as an address, such as
 * `//[`. Such a target has the path `''`, which nothing is called.
 */
export function requested(target = '/'): Pick<URL, 'pathname' | 'searchParams'> {
  return URL.canParse(target, HERE)
    ? new URL(target, HERE)
    : { pathname: '', searchParams: new URLSearchParams() }
}
