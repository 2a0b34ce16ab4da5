; The Windows installer, made by Inno Setup 6; `python bootstrap.py bundle installer` defines the names that it needs:
; Version, Folder (the bundle), Icon, Root (the checkout), Output, Spanning (whether it comes in several files).

[Setup]
AppId={{5B6F3E0C-6A51-4E0B-9E5B-2D1C8F1A7D31}
AppName=HXD Desktop
AppVersion={#Version}
AppPublisher=HXD Desktop
DefaultDirName={autopf}\HXD Desktop
DefaultGroupName=HXD Desktop
; For one user without an administrator, or for all with one: the person chooses.
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
LicenseFile={#Root}\LICENSE
SetupIconFile={#Icon}
UninstallDisplayIcon={app}\hxd-desktop.exe
OutputDir={#Output}
OutputBaseFilename=hxd-desktop-{#Version}-setup
Compression=lzma2
SolidCompression=yes
WizardStyle=modern
CloseApplications=yes
ChangesAssociations=yes
DiskSpanning={#Spanning}

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked

[Files]
Source: "{#Folder}\*"; DestDir: "{app}"; Flags: recursesubdirs createallsubdirs ignoreversion

[InstallDelete]
; Libraries of an older version are not left beside those of the new one.
Type: filesandordirs; Name: "{app}\_internal"

[Icons]
Name: "{group}\HXD Desktop"; Filename: "{app}\hxd-desktop.exe"
Name: "{autodesktop}\HXD Desktop"; Filename: "{app}\hxd-desktop.exe"; Tasks: desktopicon

[Registry]
; hxd:// links
Root: HKA; Subkey: "Software\Classes\hxd"; ValueType: string; ValueData: "URL:HXD Desktop"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\hxd"; ValueType: string; ValueName: "URL Protocol"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\hxd\DefaultIcon"; ValueType: string; ValueData: """{app}\hxd-desktop.exe"",0"
Root: HKA; Subkey: "Software\Classes\hxd\shell\open\command"; ValueType: string; \
    ValueData: """{app}\hxd-desktop.exe"" open ""%1"""
; "Open with" can offer it for every file, and takes it for none by default.
Root: HKA; Subkey: "Software\Classes\Applications\hxd-desktop.exe"; ValueType: string; ValueName: "FriendlyAppName"; \
    ValueData: "HXD Desktop"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\Applications\hxd-desktop.exe\shell\open\command"; ValueType: string; \
    ValueData: """{app}\hxd-desktop.exe"" open ""%1"""
; "Add to HXD Desktop" in the menu of a folder
Root: HKA; Subkey: "Software\Classes\Directory\shell\hxd-desktop"; ValueType: string; \
    ValueData: "Add to HXD Desktop"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\Directory\shell\hxd-desktop"; ValueType: string; ValueName: "Icon"; \
    ValueData: "{app}\hxd-desktop.exe"
Root: HKA; Subkey: "Software\Classes\Directory\shell\hxd-desktop\command"; ValueType: string; \
    ValueData: """{app}\hxd-desktop.exe"" open ""%1"""

[Run]
Filename: "{app}\hxd-desktop.exe"; Description: "{cm:LaunchProgram,HXD Desktop}"; Flags: nowait postinstall skipifsilent

[Code]
{ What the window writes where it is to start at login: a removal takes it back. }
procedure CurUninstallStepChanged(CurUninstallStep: TUninstallStep);
begin
  if CurUninstallStep = usPostUninstall then
    RegDeleteValue(HKEY_CURRENT_USER, 'Software\Microsoft\Windows\CurrentVersion\Run', 'hxd-desktop');
end;
