// Settings of a Node-RED that a test starts. `given` is plain JSON: { users?, settings? }.
const process = require('node:process');

module.exports = function (given) {
  // The test process holds the other end: when it is gone, however it ended, nothing of it stays behind.
  if (!process.connected) process.exit(1);
  process.once('disconnect', () => process.exit(1));
  const users = given.users ?? [];
  const settings = {
    uiHost: '127.0.0.1',
    flowFile: 'flows.json',
    credentialSecret: 'a secret of the tests',
    logging: { console: { level: 'trace', metrics: false, audit: true } },
    editorTheme: { tours: false, projects: { enabled: false } },
    telemetry: { enabled: false, updateNotification: false },
    ...given.settings,
  };
  if (users.length > 0) {
    settings.adminAuth = {
      type: 'credentials',
      users: async (name) => {
        const user = users.find((one) => one.username === name);
        return user ? { username: user.username, permissions: user.permissions } : null;
      },
      authenticate: async (name, password) => {
        const user = users.find((one) => one.username === name && one.password === password);
        return user ? { username: user.username, permissions: user.permissions } : null;
      },
    };
  }
  return settings;
};
