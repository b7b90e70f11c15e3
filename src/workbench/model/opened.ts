/** What came of opening a file: the editor that has it; or words, and a link that opens it where the page is read. */
export type Opened = { readonly editor: string } | { readonly says: string; readonly link: string }
