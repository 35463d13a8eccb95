using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using PortMgmt.Cli.Tests.Support;
using PortMgmt.TestKit;

namespace PortMgmt.Cli.Tests.Run;

public sealed class RunListenTests : CommandLineFixture
{
    // What a program does that is started by systemd: it takes its sockets from descriptor 3 on.
    private const string Server = """
        import os, socket
        assert int(os.environ['LISTEN_PID']) == os.getpid(), 'not for us'
        names = os.environ['LISTEN_FDNAMES'].split(':')
        for i in range(int(os.environ['LISTEN_FDS'])):
            server = socket.socket(fileno=3 + i)
            print(names[i], server.getsockname()[1], server.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN), os.get_blocking(3 + i), flush=True)
            print('asks:', server.accept()[0].recv(100).decode(), flush=True)
        """;

    [Fact]
    public void RunListen_ConnectionsBeforeTheServerIsThere_Wait()
    {
        NeedsPython();
        using Process command = Start(Executable, "run", "--name", "web", "--listen", "--", "sh", "-c", "echo $PORT; read line; exec python3 -c \"$0\"", Server);
        int port = int.Parse(command.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);

        using var ip4 = new TcpClient("127.0.0.1", port);
        ip4.GetStream().Write("hello"u8);
        command.StandardInput.WriteLine();
        command.StandardInput.Close();

        Assert.Equal($"web {port} 1 True\nasks: hello\n", command.StandardOutput.ReadToEnd());
        Assert.Equal("", command.StandardError.ReadToEnd());
    }

    // As a unit of systemd with a socket has it: the process itself was handed a descriptor, and becomes the command.
    private const string Activated = "export LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=web; exec 3<\"$0\"; exec \"$@\"";

    [Fact]
    public void Run_SocketsThatItWasHanded_GoOnToTheCommand()
    {
        Needs.SocketHandOver();
        string file = Path.Combine(WorkDirectory, "handed");
        File.WriteAllText(file, "through");
        const string Command = "test $LISTEN_PID = $$ && echo $LISTEN_FDS $LISTEN_FDNAMES $(cat <&3)";

        using Process command = Start("sh", ["-c", Activated, file, Executable, "run", "--", "sh", "-c", Command]);

        Assert.Equal("1 web through\n", command.StandardOutput.ReadToEnd());
    }

    [Fact]
    public void RunListen_SocketsThatItWasHanded_AreNotReplaced()
    {
        Needs.SocketHandOver();
        using Process command = Start("sh", ["-c", Activated, "/dev/null", Executable, "run", "--listen", "--", "true"]);

        Assert.Contains("LISTEN_FDS=1", Finish(command).ExpectError(125), StringComparison.Ordinal);
        Assert.Empty(Leases());
    }

    [Fact]
    public void RunListen_VariablesOfAProcessBefore_AreReplaced()
    {
        Needs.SocketHandOver();
        using Process command = Start("sh", ["-c", "export LISTEN_PID=1 LISTEN_FDS=7; exec \"$@\"", "sh", Executable, "run", "--listen", "--", "sh", "-c", "echo $LISTEN_FDS"]);

        Assert.Equal("1\n", command.StandardOutput.ReadToEnd());
    }

    [Theory]
    [InlineData("239.1.1.1")]
    [InlineData("255.255.255.255")]
    [InlineData("127.255.255.255")]
    [InlineData("ff02::1")]
    [InlineData("::ffff:239.1.1.1")]
    [InlineData("192.0.2.1")]
    public void RunListen_AddressThatNobodyConnectsTo_IsRefusedAndLeasesNothing(string address)
    {
        Assert.Contains(OnWindowsNone ?? $" {address}", Run("run", $"--listen={address}", "--", "true").ExpectError(125), StringComparison.Ordinal);
        Assert.Empty(Leases());
    }

    [Fact]
    public void RunListen_SeveralNames_HaveADescriptorEach()
    {
        NeedsPython();
        const string Command = "import os, socket; print(os.environ['LISTEN_FDNAMES'], *[socket.socket(fileno=3 + i).getsockname()[1] for i in range(2)], os.environ['WEB_PORT'], os.environ['API_PORT'])";
        string[] words = Run("run", "--name", "web", "--name", "api", "--listen", "--", "python3", "-c", Command).Expect(0).Lines.Single().Split(' ');

        Assert.Equal("web:api", words[0]);
        Assert.Equal(words[1..3], words[3..]);
    }

    [Fact]
    public void RunListen_Default_ListensOnBothFamilies()
    {
        Needs.SocketHandOver();
        using Process command = Start(Executable, "run", "--listen", "--", "sh", "-c", "echo $PORT; read line || true");
        int port = int.Parse(command.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);

        using (var ip4 = new TcpClient())
        {
            ip4.Connect(IPAddress.Loopback, port);
        }

        if (Socket.OSSupportsIPv6)
        {
            using var ip6 = new TcpClient(AddressFamily.InterNetworkV6);
            ip6.Connect(IPAddress.IPv6Loopback, port);
        }

        Finish(command).Expect(0);
    }

    [Fact]
    public void RunListen_AddressNamed_ListensThereAlone()
    {
        NeedsPython();
        string[] lines = Run("run", "--listen=127.0.0.1", "--", "python3", "-c", "import socket; print(*socket.socket(fileno=3).getsockname()[:1])").Expect(0).Lines;

        Assert.Equal("127.0.0.1", lines.Single());
    }

    [Fact]
    public void RunListen_SeveralPorts_HaveADescriptorEachAndNoMore()
    {
        Needs.SocketHandOver();
        Needs.Linux();
        string[] lines = Run("run", "--name", "a:b", "--count", "3", "--listen", "--", "sh", "-c", "echo $LISTEN_FDS $LISTEN_FDNAMES; ls -l /proc/self/fd | grep -c socket:; [ $LISTEN_PID = $$ ] && echo same").Expect(0).Lines;

        Assert.Equal(["3 a_b:a_b:a_b", "3", "same"], lines);
    }

    // The runtime's own descriptors are among the numbers that so many sockets get.
    [Theory]
    [InlineData(8)]
    [InlineData(100)]
    public void RunListen_ManyPorts_HaveADescriptorEach(int count)
    {
        Needs.SocketHandOver();
        Needs.Linux();
        string[] lines = Run("run", "--count", $"{count}", "--listen", "--", "sh", "-c", "echo $LISTEN_FDS; ls -l /proc/self/fd | grep -c socket:").Expect(0).Lines;

        Assert.Equal([$"{count}", $"{count}"], lines);
    }

    [Fact]
    public void RunListen_ManyPortsForACommandThatCannotBeExecuted_SaysSo()
    {
        Needs.SocketHandOver();
        Needs.Linux();
        CliResult result = Shell("printf '#!/no/such/interpreter\\n' > script; chmod +x script; \"$portmgmt\" run --count 40 --listen -- ./script");

        Assert.Contains("its interpreter is missing", result.Expect(ExitCodes.CommandNotExecutable).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void RunListen_CommandThatCannotBeExecuted_SaysSoAndLeavesNoLease()
    {
        Needs.SocketHandOver();
        CliResult result = Shell("printf '#!/no/such/interpreter\\n' > script; chmod +x script; \"$portmgmt\" run --name web --listen -- ./script");

        Assert.Contains("its interpreter is missing", result.Expect(ExitCodes.CommandNotExecutable).Error, StringComparison.Ordinal);
        Assert.Contains("No leases.", Run("lease", "list").Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void RunListen_PortThatSomebodyHas_IsRefusedWithTheProcess()
    {
        Needs.SocketHandOver();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;

        CliResult result = Run("run", "--port", $"{port}", "--listen", "--", "true");

        Assert.Contains($"port {port} is in use by process {Environment.ProcessId}", result.Error, StringComparison.Ordinal);
        Assert.NotEqual(0, result.ExitCode);
    }

    [Theory]
    [InlineData("--listen=localhost", "'localhost' is no address for --listen")]
    [InlineData("--listen=fe80::1", "Nobody can listen on fe80::1")]
    [InlineData("--listen=192.0.2.7", "Nobody can listen on 192.0.2.7 here")]
    [InlineData("--listen=", "--listen is empty")]
    [InlineData("--env=--listen", "--env has no value")]
    public void RunListen_AddressThatCannotBe_IsRefusedBeforeAPortIsTaken(string option, string message)
    {
        CliResult result = Run("run", "--name", "web", option, "--", "true");

        Assert.Contains(option.StartsWith("--listen", StringComparison.Ordinal) ? OnWindowsNone ?? message : message, result.Error, StringComparison.Ordinal);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("No leases.", Run("lease", "list").Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void RunListen_OnWindows_IsRefusedBeforeAPortIsTaken()
    {
        Needs.Windows();
        Assert.Contains("--listen", Run("run", "--listen", "--", "true").ExpectError(ExitCodes.RunFailed), StringComparison.Ordinal);
        Assert.Empty(Leases());
    }

    /// <summary>What is said on Windows of any address; null elsewhere.</summary>
    private static string? OnWindowsNone => OperatingSystem.IsWindows() ? "--listen hands sockets over to the process that portmgmt becomes" : null;

    private static void NeedsPython()
    {
        Needs.SocketHandOver();
        Assert.SkipUnless(Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, "python3"))), "Python 3 is not installed.");
    }
}
