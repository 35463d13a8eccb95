using System.Text.Json;
using PortMgmt.Cli.Tests.Support;

namespace PortMgmt.Cli.Tests.Commands;

/// <summary>Namespaces and mounts as containers and hardened services have them.</summary>
public sealed class SurroundingsTests : CommandLineFixture
{
    [Fact]
    public void New_FirstProcessOfAContainer_OwnsItsLeaseAndIsAnOwnerForOthers()
    {
        RequireProgram("unshare --pid --fork --mount-proc true", "unshare");

        CliResult result = Shell("unshare --pid --fork --mount-proc sh -c '\"$portmgmt\" lease new --pid 1 --json; exec \"$portmgmt\" run -- \"$portmgmt\" lease list --json'");

        string[] documents = [.. result.Expect(0).Lines];
        Assert.Equal(1, JsonDocument.Parse(documents[0]).RootElement[0].GetProperty("processId").GetInt32());
        JsonElement[] leases = [.. JsonDocument.Parse(documents[1]).RootElement.EnumerateArray()];
        Assert.Equal(2, leases.Length);
        Assert.All(leases, lease => Assert.Equal(1, lease.GetProperty("processId").GetInt32()));
    }

    [Fact]
    public void New_FirstProcessOfTheMachine_IsNoOwner()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Shell("[ \"$(readlink /proc/self/ns/pid)\" = 'pid:[4026531836]' ]").ExitCode == 0, "for the machine's own PID namespace");

        Assert.Contains("never ends", Run("lease", "new", "--pid", "1").ExpectError(2), StringComparison.Ordinal);
    }

    [Fact]
    public void List_FileSystemThatCannotBeWritten_ShowsTheLeases()
    {
        RequireProgram("unshare --mount sh -c 'mount -t tmpfs none /mnt'", "mount");
        int port = NewPort("--name", "web");
        string readOnly = "unshare --mount sh -c 'mount --bind \"$PORTMGMT_REGISTRY\" \"$PORTMGMT_REGISTRY\" && mount -o remount,bind,ro \"$PORTMGMT_REGISTRY\" && \"$portmgmt\" ";

        Assert.Equal(port, Assert.Single(Shell(readOnly + "lease list --json'").Expect(0).Json).GetProperty("port").GetInt32());
        Assert.Equal(0, Shell(readOnly + "registry'").ExitCode);
        Assert.Contains("Read-only file system", Shell(readOnly + "lease new'").ExpectError(4), StringComparison.Ordinal);
        Assert.Contains("Read-only file system", Shell(readOnly + "lease remove web'").ExpectError(4), StringComparison.Ordinal);
        Assert.Single(Leases());
    }

    [Fact]
    public void List_HomeThatCannotBeWrittenAndHasNoRegistry_IsEmpty()
    {
        RequireProgram("unshare --mount sh -c 'mount -t tmpfs none /mnt'", "mount");

        CliResult result = Shell("unshare --mount sh -c 'mount -t tmpfs -o ro none /mnt && PORTMGMT_REGISTRY=/mnt/home/.local/state/portmgmt \"$portmgmt\" lease list'");

        Assert.Equal("No leases.\n", result.Expect(0).Output);
    }

    [Fact]
    public void New_UserThatIsNotMapped_IsNamedAsThat()
    {
        RequireProgram("unshare --user true", "unshare");

        Assert.Contains("not mapped into its user namespace", Shell("unset PORTMGMT_REGISTRY; [ ! -d /var/lib/portmgmt ] && unshare --user \"$portmgmt\" lease new").ExpectError(4), StringComparison.Ordinal);
    }

    [Fact]
    public void New_RegistryOfAnUnmappedRoot_IsNamedAsThat()
    {
        const string AsSomebody = "setpriv --reuid 1000 --regid 1000 --clear-groups unshare --user --map-root-user \"$portmgmt\" ";
        RequireProgram($"[ \"$(id -u)\" = 0 ] && {AsSomebody} --version", "unshare for another user");

        string error = Shell($"chmod 755 . registry; {AsSomebody} lease new").ExpectError(4);

        Assert.Contains("not mapped into this user namespace", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_LeasedPortOfAnotherUser_IsToldWithoutItsProcess()
    {
        const string AsNobody = "setpriv --reuid 65534 --regid 65534 --clear-groups \"$portmgmt\" ";
        RequireProgram($"[ \"$(id -u)\" = 0 ] && {AsNobody} --version", "setpriv as root");
        using System.Net.Sockets.TcpListener listener = Listen(out int port);
        Run("lease", "new", "--port", $"{port}", "--adopt", "--name", "adopted").Expect(0);

        System.Text.Json.JsonElement who = Assert.Single(Shell($"chmod 755 . registry; {AsNobody} who {port} --json").Expect(0).Json);

        Assert.Equal((port, System.Text.Json.JsonValueKind.Null), (who.GetProperty("port").GetInt32(), who.GetProperty("processId").ValueKind));
    }

    [Fact]
    public void New_SocketOfAProcessInAnotherPidNamespace_IsToldOfWithItsUser()
    {
        RequireProgram("[ \"$(id -u)\" = 0 ] && unshare --pid --fork --mount-proc true", "unshare as root");
        using System.Net.Sockets.TcpListener listener = Listen(out int port);

        string error = Shell($"unshare --pid --fork --mount-proc \"$portmgmt\" lease new --port {port} --ttl 1m").ExpectError(3);

        Assert.Contains("in use by a process of user root that is not shown here", error, StringComparison.Ordinal);
        Assert.Contains("which listens on 127.0.0.1", error, StringComparison.Ordinal);
    }
}
