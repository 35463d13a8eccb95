using System.Runtime.Versioning;
using System.Security;
using Microsoft.Win32;

namespace PortMgmt.Platform.Windows;

/// <summary>
/// The local application data of the users who have a profile on this machine. Whoever is logged on has told Windows where it is;
/// of the others it is where profiles have it.
/// </summary>
/// <param name="profiles">The list of profiles: a key for each security identifier.</param>
/// <param name="users">The settings of those who are logged on: a key for each security identifier.</param>
[SupportedOSPlatform("windows")]
internal sealed class WindowsProfiles(RegistryKey profiles, RegistryKey users)
{
    private const string ListKey = @"SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList";
    private const string FoldersKey = @"Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders";
    private const string ProfileVariable = "%USERPROFILE%";

    /// <summary>Those of this machine; none where the list may not be read.</summary>
    public static IReadOnlyList<string> FindOfThisMachine()
    {
        try
        {
            using RegistryKey? list = Registry.LocalMachine.OpenSubKey(ListKey);
            return list is null ? [] : [.. new WindowsProfiles(list, Registry.Users).FindApplicationData()];
        }
        catch (Exception e) when (e is SecurityException or UnauthorizedAccessException or IOException)
        {
            return [];
        }
    }

    /// <summary>The directories, each once, whether or not they are there.</summary>
    public IEnumerable<string> FindApplicationData() => profiles.GetSubKeyNames()
        .SelectMany(FindOf)
        .Where(Path.IsPathFullyQualified)
        .Distinct(StringComparer.OrdinalIgnoreCase);

    private IEnumerable<string> FindOf(string user)
    {
        if (ReadPath(profiles, user, "ProfileImagePath") is not { Length: > 0 } image)
        {
            yield break;
        }

        string profile = Environment.ExpandEnvironmentVariables(image);
        yield return Path.Combine(profile, "AppData", "Local");
        if (ReadPath(users, $@"{user}\{FoldersKey}", "Local AppData") is { Length: > 0 } told)
        {
            // The variable is another's: this process's own would be put in its place.
            yield return Environment.ExpandEnvironmentVariables(told.Replace(ProfileVariable, profile, StringComparison.OrdinalIgnoreCase));
        }
    }

    private static string? ReadPath(RegistryKey parent, string name, string value)
    {
        try
        {
            using RegistryKey? key = parent.OpenSubKey(name);
            return key?.GetValue(value, null, RegistryValueOptions.DoNotExpandEnvironmentNames) as string;
        }
        catch (Exception e) when (e is SecurityException or UnauthorizedAccessException or IOException)
        {
            return null;
        }
    }
}
