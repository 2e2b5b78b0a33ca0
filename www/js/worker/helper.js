// A worker that computes parts of another's steps.

/** @type {any} */
let helper = null;

self.onmessage = ({ data }) => {
  // Whoever asked hears of an error that nobody catches.
  obey(data).catch((error) => setTimeout(() => { throw error; }));
};

/** @param {any} data */
async function obey(data) {
  if (data.module) {
    const glue = await import(data.program);
    await glue.default({ module_or_path: data.module });
    helper = new glue.WorkerHelper(data.config);
    self.postMessage({});
    return;
  }
  const { parameters, step, from, to } = data;
  const values = helper.work(parameters, step, from, to);
  self.postMessage({ values }, { transfer: [values.buffer] });
}
