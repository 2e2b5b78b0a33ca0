// Who begins a run: of all that are asked for, the newest that is allowed.

import { Refused } from '../run/refused.js';

export class Turns {
  constructor() {
    this.asked = 0;
    /** The newest that was allowed. */
    this.taken = 0;
  }

  /**
   * A place in the order, which counts once it is taken.
   * @returns {() => (() => void)} Takes it, and gives what throws when a newer one is: this may be too late already.
   */
  ask() {
    const mine = ++this.asked;
    const still = () => {
      if (mine < this.taken) throw new Refused('another run was chosen meanwhile', 'interrupted');
    };
    return () => {
      this.taken = Math.max(this.taken, mine);
      still();
      return still;
    };
  }
}
