// What the log says of the broker connection.
import type { BrokerConnection } from '../mqtt';

/** Tells of each connect and break, and of each failure once until the connection stands again. */
export function logConnection(broker: BrokerConnection, log: (level: 'info' | 'warn', text: string) => void): void {
  const told = new Set<string>();
  broker.onConnect(() => {
    told.clear();
    log('info', 'Connected to the MQTT broker.');
  });
  broker.onDisconnect(() => log('warn', 'The connection to the MQTT broker broke.'));
  broker.onError((text) => {
    if (told.has(text)) return;
    told.add(text);
    log('warn', `MQTT broker: ${text}`);
  });
}
