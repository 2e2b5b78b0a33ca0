// Something that was asked for and cannot be.

/** An error with a `code`, as scripts and messages get every refusal. */
export class Refused extends Error {
  /** @param {string} message @param {string} [code] */
  constructor(message, code = 'setting') {
    super(message);
    this.name = 'Refused';
    this.code = code;
  }
}
