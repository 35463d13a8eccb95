using System.Runtime.Versioning;
using Microsoft.Win32;
using PortMgmt.Platform.Windows;
using PortMgmt.TestKit;
using Xunit;

namespace PortMgmt.Core.Tests.Platform.Windows;

/// <summary>Whose registries an administrator is told of when he makes the machine's, and who may make it.</summary>
[SupportedOSPlatform("windows")]
public sealed class WindowsProfilesTests
{
    private const string Own = @"C:\own";

    [Fact]
    public void FindApplicationData_ProfilesOfEachKind_AreWhereEachUserHasIt()
    {
        Needs.Windows();
        string name = $@"Software\PortMgmt.Tests.{Guid.NewGuid():N}";
        using RegistryKey root = Registry.CurrentUser.CreateSubKey(name);
        try
        {
            using RegistryKey profiles = root.CreateSubKey("profiles");
            using RegistryKey users = root.CreateSubKey("users");
            Write(profiles, "S-1-5-18", "ProfileImagePath", @"%SystemRoot%\system");
            Write(profiles, "S-1-5-21-1", "ProfileImagePath", @"C:\Users\ada");
            Write(profiles, "S-1-5-21-2", "ProfileImagePath", @"D:\Users\bob");
            Write(users, @"S-1-5-21-2\Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders", "Local AppData", @"%userprofile%\Moved");
            Write(profiles, "S-1-5-21-3", "ProfileImagePath", @"c:\users\ADA");
            Write(profiles, "S-1-5-21-4", "ProfileImagePath", @"Users\relative");
            Write(profiles, "S-1-5-21-5", "Flags", "0");
            Write(users, @"S-1-5-21-6\Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders", "Local AppData", @"C:\no profile");

            Assert.Equal(
                [@"C:\Users\ada\AppData\Local", @"D:\Users\bob\AppData\Local", @"D:\Users\bob\Moved", @"X:\Windows\system\AppData\Local"],
                new WindowsProfiles(profiles, users).FindApplicationData()
                    .Select(static data => data.Replace(Environment.GetFolderPath(Environment.SpecialFolder.Windows), @"X:\Windows", StringComparison.OrdinalIgnoreCase))
                    .Order(StringComparer.OrdinalIgnoreCase));
        }
        finally
        {
            Registry.CurrentUser.DeleteSubKeyTree(name);
        }
    }

    [Fact]
    public void FindUserDirectories_Administrator_AreThoseOfAllProfiles()
    {
        Needs.Windows();
        IReadOnlyList<string> all = WindowsProfiles.FindOfThisMachine();

        Assert.Contains(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), all, StringComparer.OrdinalIgnoreCase);
        Assert.Equal(
            [$@"{Own}\PortMgmt", .. all.Select(static data => Path.Combine(data, "PortMgmt"))],
            new WindowsPlatform(static () => Own, isAdministrator: true).FindUserDirectories());
        Assert.Equal([$@"{Own}\PortMgmt"], new WindowsPlatform(static () => Own, isAdministrator: false).FindUserDirectories());
    }

    [Fact]
    public void PrepareDirectory_SharedByOneWhoIsNoAdministrator_IsRefusedAndLeavesNone()
    {
        Needs.Windows();
        using var directory = new TemporaryDirectory();
        var platform = new WindowsPlatform(static () => Own, isAdministrator: false);

        Assert.Throws<UnauthorizedAccessException>(() => platform.PrepareDirectory(directory["machine"], shared: true));
        Assert.False(Directory.Exists(directory["machine"]));

        platform.PrepareDirectory(directory["own"], shared: false);
        Assert.True(Directory.Exists(directory["own"]));
    }

    private static void Write(RegistryKey parent, string key, string name, string value)
    {
        using RegistryKey made = parent.CreateSubKey(key);
        made.SetValue(name, value, RegistryValueKind.ExpandString);
    }
}
