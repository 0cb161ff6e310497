/*
 * A flush was refused: some DAG in it is to blame, and the others must not suffer for it. Suspects are tried in flushes of
 * their own, by halves as long as these are refused; everybody else goes on in flushes of theirs in between.
 *
 *   refused --> half, half --> ... --> one DAG --> with one input a flush --> it is to blame
 *                 '-- committed: no suspects any more       '-- committed: no suspect any more
 */
import type { DagId } from "../domain/ids";

/** Whom one pass decides about. */
export interface Scope {
  includes(dagId: DagId | undefined): boolean;
  /** Refused by itself: one input a pass, and time only when there is none, so that it is clear what is to blame. */
  readonly alone: boolean;
  /** Flushes of this one DAG that were refused, one after the other. */
  readonly strikes: number;
}

export const EVERYBODY: Scope = { includes: () => true, alone: false, strikes: 0 };

export interface Suspects {
  has(dagId: DagId): boolean;
  readonly any: boolean;
  /** Suspects and the others take turns. */
  nextScope(): Scope;
  /** Nothing of the flush happened. @param dagIds what it was about, of the scope */
  refused(scope: Scope, dagIds: readonly DagId[]): void;
  /** Nothing was wrong with what was decided. `more`: it may have been only a part of what is to be tried. */
  cleared(scope: Scope, more: boolean): void;
  /** It was found to be the one. */
  drop(dagId: DagId): void;
}

/** After so many good flushes of its own a DAG that always has something to do is no suspect any more. */
const GOOD_FLUSHES = 20;

interface Group extends Scope {
  readonly dagIds: ReadonlySet<DagId>;
  readonly good: number;
}

export function suspects(): Suspects {
  let groups: Group[] = [];
  let lastWasGroup = true;
  const has = (dagId: DagId) => groups.some(({ dagIds }) => dagIds.has(dagId));
  const others: Scope = { ...EVERYBODY, includes: (dagId) => dagId === undefined || !has(dagId) };

  function group(list: readonly DagId[], strikes = 0, good = 0): Group {
    const dagIds = new Set(list);
    return {
      ...{ dagIds, strikes, good, alone: dagIds.size === 1 && strikes > 0 },
      includes: (dagId) => dagId !== undefined && dagIds.has(dagId),
    };
  }
  const groupOf = (scope: Scope) => groups.find((one) => one === scope);

  return {
    has,
    get any() {
      return groups.length > 0;
    },
    nextScope() {
      const [first] = groups;
      if (!first) return EVERYBODY;
      lastWasGroup = !lastWasGroup;
      return lastWasGroup ? first : others;
    },
    refused(scope, dagIds) {
      const of = groupOf(scope);
      groups = groups.filter((one) => one !== of);
      const blamed = [...new Set(dagIds)].filter((dagId) => !has(dagId));
      const half = Math.ceil(blamed.length / 2);
      // Behind the others: those who did nothing go free first.
      if (blamed.length === 1) groups.push(group(blamed, scope.strikes + 1));
      else if (half > 0) groups.unshift(group(blamed.slice(0, half)), group(blamed.slice(half)));
    },
    cleared(scope, more) {
      const of = groupOf(scope);
      if (!of) return;
      groups = groups.filter((one) => one !== of);
      const goesOn = of.alone && more && of.good < GOOD_FLUSHES;
      if (goesOn) groups.push(group([...of.dagIds], 1, of.good + 1));
    },
    drop(dagId) {
      groups = groups.filter(({ dagIds }) => dagIds.size > 1 || !dagIds.has(dagId));
    },
  };
}
