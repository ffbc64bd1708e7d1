// The settings that every task of the simulated NAS begins with: those of the published sample.
import type { JsonObject } from './json';

/** What a task finds and protects by itself, and what its application may read. */
export function defaultSwitches(): JsonObject {
  return {
    // The published sample cuts this list off ("[...]"); these are permissions such an application asks for.
    app_permissions: ['Directory.Read.All', 'Files.ReadWrite.All', 'Mail.ReadWrite', 'Sites.FullControl.All'],
    enable_auto_add_archive_mail: false,
    enable_auto_add_calendar: false,
    enable_auto_add_contact: false,
    enable_auto_add_drive: false,
    enable_auto_add_mail: false,
    enable_auto_discover_external_account: true,
    enable_auto_discover_general_site: false,
    enable_auto_discover_group_alias_archive_mail: false,
    enable_auto_discover_group_alias_calendar: false,
    enable_auto_discover_group_alias_contact: false,
    enable_auto_discover_group_alias_drive: false,
    enable_auto_discover_group_alias_mail: false,
    enable_auto_discover_group_calendar: false,
    enable_auto_discover_group_mail: false,
    enable_auto_discover_my_site: false,
    enable_auto_discover_teams: false,
    enable_auto_discover_unlicensed_account: true,
    enable_user_restore: true,
    is_customized_app: true,
    is_team_list_ready: true,
    region: 0,
  };
}
