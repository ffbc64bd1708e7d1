// The Home Assistant releases that the acceptance tests run, and what each needs. Raised by a commit, never by itself.

/** One pinned release of Home Assistant and the surroundings that it wants. */
export interface HomeAssistantRelease {
  readonly version: string;
  /** The Python it needs: this minor version of Python 3, at least with this patch level. */
  readonly python: { readonly minor: number; readonly leastPatch: number };
  /** The Debian suite that carries this Python, for a chroot where the machine has none; null: no Debian suite does. */
  readonly debianSuite: string | null;
  /** Installed together with Home Assistant, without its own constraints. */
  readonly requirements: readonly string[];
  /** Installed afterwards, in exactly the versions that Home Assistant's own constraints file names. */
  readonly companions: readonly string[];
}

/** Without the front end Home Assistant starts in recovery mode; the others are what `mqtt`'s config flow imports. */
const companionsOfEveryRelease = [
  'home-assistant-frontend',
  'paho-mqtt',
  'aiohasupervisor',
  'numpy',
  'home-assistant-intents',
  'hassil',
];

/** The oldest supported release (the first with device documents) and the newest. */
export const releases = {
  oldest: {
    version: '2024.11.3',
    python: { minor: 12, leastPatch: 0 },
    debianSuite: null,
    // josepy 2 breaks the import of the acme version that this release pins.
    requirements: ['josepy<2'],
    companions: companionsOfEveryRelease,
  },
  newest: {
    version: '2026.11.0',
    python: { minor: 14, leastPatch: 2 },
    debianSuite: 'forky',
    requirements: [],
    // Without these `get_services` fails, and the web page stays at "Loading".
    companions: [...companionsOfEveryRelease, 'pymicro-vad', 'pyspeex-noise', 'PyTurboJPEG', 'mutagen', 'ha-ffmpeg'],
  },
} as const satisfies Record<string, HomeAssistantRelease>;

/** `oldest` or `newest`. */
export type ReleaseName = keyof typeof releases;

/** Both names, in the order in which the tests run them. */
export const releaseNames: readonly ReleaseName[] = ['oldest', 'newest'];
