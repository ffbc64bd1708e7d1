// Two nodes for tests: one sends messages that the test process hands it, the other reports what it receives.
const process = require('node:process');
const v8 = require('node:v8');

/** The value as the test process can receive it: without functions and circles where there are any. */
function transferable(value) {
  try {
    return v8.deserialize(v8.serialize(value));
  } catch {
    const seen = new Set();
    const text = JSON.stringify(value, (key, inner) => {
      if (typeof inner === 'function' || typeof inner === 'symbol') return `[${typeof inner}]`;
      if (typeof inner === 'bigint') return inner.toString();
      if (typeof inner === 'object' && inner !== null) {
        if (seen.has(inner)) return '[seen]';
        seen.add(inner);
      }
      return inner;
    });
    return text === undefined ? undefined : JSON.parse(text);
  }
}

module.exports = function (RED) {
  const entrances = new Map();
  process.on('message', (command) => {
    if (command?.probe !== 'send') return;
    const node = entrances.get(command.about);
    if (node) node.send(command.msg);
    else process.send({ probe: 'lost', about: command.about, msgId: command.msg._msgid });
  });

  RED.nodes.registerType('probe-in', function (config) {
    RED.nodes.createNode(this, config);
    entrances.set(config.about, this);
    this.on('close', () => {
      if (entrances.get(config.about) === this) entrances.delete(config.about);
    });
  });

  RED.nodes.registerType('probe-out', function (config) {
    RED.nodes.createNode(this, config);
    this.on('input', (msg, send, done) => {
      process.send({ probe: config.kind, about: config.about, port: config.port, msg: transferable(msg) });
      done();
    });
  });
};
