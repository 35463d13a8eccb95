using System.Runtime.Versioning;
using System.Security.AccessControl;
using System.Security.Principal;

namespace PortMgmt.Platform.Windows;

/// <summary>Whose a directory is. Any user may make one in ProgramData, so that its being there proves nothing.</summary>
[SupportedOSPlatform("windows")]
internal static class WindowsOwner
{
    // NT SERVICE\TrustedInstaller, which owns what Windows installs.
    private const string Installer = "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464";

    /// <summary>Why a directory cannot be one that an administrator or the system made; null when it is.</summary>
    public static string? FindFault(string path)
    {
        var directory = new DirectoryInfo(path);
        if ((directory.Attributes & FileAttributes.ReparsePoint) != 0)
        {
            return "it is a link; links are not followed";
        }

        return directory.GetAccessControl(AccessControlSections.Owner).GetOwner(typeof(SecurityIdentifier)) is SecurityIdentifier owner && IsTrusted(owner)
            ? null
            : "its owner is neither the administrators nor the system";
    }

    /// <summary>Whether an owner is the system or the administrators.</summary>
    public static bool IsTrusted(SecurityIdentifier owner) =>
        owner.IsWellKnown(WellKnownSidType.BuiltinAdministratorsSid) || owner.IsWellKnown(WellKnownSidType.LocalSystemSid) || owner.Value == Installer;
}
