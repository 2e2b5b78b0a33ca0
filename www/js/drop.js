// A file that is dropped anywhere on the page is opened.

/**
 * @param {Pick<ReturnType<typeof import('./core.js').createCore>, 'actions' | 'signal'>} demo
 * @param {EventTarget} [page]
 */
export function acceptFiles({ actions, signal }, page = window) {
  /** @param {(transfer: DataTransfer) => void} act @returns {(event: Event) => void} */
  const withFiles = (act) => (event) => {
    const { dataTransfer } = /** @type {DragEvent} */ (event);
    // Text that is dragged is somebody else's.
    if (!dataTransfer?.types.includes('Files')) return;
    // The browser would leave the page for the file.
    event.preventDefault();
    act(dataTransfer);
  };
  page.addEventListener('dragover', withFiles((transfer) => {
    transfer.dropEffect = 'copy';
  }), { signal });
  page.addEventListener('drop', withFiles(({ files }) => actions.openFiles([...files])), { signal });
}
