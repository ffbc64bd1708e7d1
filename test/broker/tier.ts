// The tests that need a real Mosquitto and real Node-REDs: they run where MOSQUITTO=1 asks for them.

/** `describe` where the machine has what these tests need. */
export const describeMosquitto: Mocha.PendingSuiteFunction | Mocha.SuiteFunction =
  process.env.MOSQUITTO === '1' ? describe : describe.skip;
