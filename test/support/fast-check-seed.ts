import fc from 'fast-check';

/*
 * One seed for all properties, so that a run that passed passes again. FC_SEED=n tries another; FC_SEED=random draws
 * one, which fast-check prints with a counterexample.
 */
const wanted = process.env['FC_SEED'] ?? '20261122';
if (wanted !== 'random') fc.configureGlobal({ seed: Number(wanted) });
