using Xunit;

namespace PortMgmt.Tests.Processes;

/// <summary>
/// The same user finds the same registry however it was started. The user database is, for these processes alone, one in
/// which every home lies in a temporary directory, and no machine-wide registry is in sight.
/// </summary>
[Collection(ProcessTests.Name)]
public sealed class EnvironmentTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new TemporaryDirectory().OpenToAll();

    public void Dispose() => _directory.Dispose();

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(Launcher.Nobody)]
    public void Open_UnderLoginCronSudoAndService_FindsTheSameRegistry(int user)
    {
        string[] launcher = Prepare(user);
        string home = _directory[$"home-{user}"];
        using var login = TestChild.Lease(null, launcher, environment =>
        {
            environment["HOME"] = home;
            environment["XDG_RUNTIME_DIR"] = $"/run/user/{user}";
            environment["XDG_STATE_HOME"] = Path.Combine(home, "state");
        });
        using var cron = TestChild.Lease(null, launcher, environment => KeepOnly(environment, "PATH", "/usr/bin:/bin"));
        using var sudo = TestChild.Lease(null, launcher, static environment =>
        {
            environment["HOME"] = "/home/who-called-sudo";
            environment["SUDO_UID"] = "1000";
            environment["XDG_RUNTIME_DIR"] = "/run/user/1000";
        });
        using var service = TestChild.Lease(null, launcher, environment => KeepOnly(environment, "PATH", "/usr/sbin:/usr/bin:/sbin:/bin"));

        int port = login.DoForNumber("take name=web");

        string expected = $"User {Path.Combine(home, ".local", "state", "portmgmt")}";
        Assert.All([login, cron, sudo, service], child =>
        {
            Assert.Equal(expected, child.Do("where"));
            Assert.Equal($"{port}:Active", child.Do("list"));
        });
    }

    [SkippableFact]
    public void Open_UserWithoutEntryInTheUserDatabase_SaysWhatToDo()
    {
        using var stranger = TestChild.Lease(null, Prepare(Launcher.Somebody, known: false));

        string answer = stranger.Try("where");

        Assert.StartsWith("error RegistryUnavailable", answer, StringComparison.Ordinal);
        Assert.Contains("PORTMGMT_REGISTRY", answer, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Acquire_NewUserDirectory_IsPrivate()
    {
        string[] launcher = Prepare(Launcher.Nobody);
        using var child = TestChild.Lease(null, launcher);
        child.Do("take name=web");

        string registry = Path.Combine(_directory[$"home-{Launcher.Nobody}"], ".local", "state", "portmgmt");
        const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(Private | UnixFileMode.UserExecute, new DirectoryInfo(registry).UnixFileMode);
        Assert.All(new DirectoryInfo(registry).GetFiles(), static file => Assert.Equal(Private, file.UnixFileMode));
    }

    private static void KeepOnly(IDictionary<string, string?> environment, string key, string value)
    {
        environment.Clear();
        environment[key] = value;
    }

    /// <summary>Makes a home and a user database; the launcher of processes that see them.</summary>
    private string[] Prepare(int user, bool known = true)
    {
        Needs.RootAnd("unshare", "setpriv", "mount");
        Needs.ReachableTests();
        string home = _directory[$"home-{user}"];
        Directory.CreateDirectory(home);
        Assert.True(Launcher.Succeeds(["chown", $"{user}", home]));
        string database = _directory["passwd"];
        File.WriteAllText(database, known ? $"tester:x:{user}:{user}:Tester:{home}:/bin/sh\n" : "root:x:0:0:root:/root:/bin/sh\n");
        string empty = Directory.CreateDirectory(_directory["varlib"]).FullName;
        string[] mounts = Launcher.WithMounts("mount --bind \"$1\" /etc/passwd; mount --bind \"$2\" /var/lib", database, empty);
        return user == 0 ? mounts : [.. mounts, .. Launcher.AsUser(user)];
    }
}
