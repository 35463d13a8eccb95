using System.Diagnostics;
using System.Net.Sockets;
using PortMgmt.Cli.Tests.Support;
using PortMgmt.TestKit;

namespace PortMgmt.Cli.Tests.Commands;

[Collection(SocketTests.Name)]
public sealed class WaitTests : CommandLineFixture
{
    [Fact]
    public void Wait_OnAListeningPort_IsDoneAtOnce()
    {
        using TcpListener listener = Listen(out int port);
        Assert.Equal("", Run("wait", $"{port}").Expect(0).Output);
        Assert.Equal("listening", Run("wait", $"{port}", "--json").Expect(0).Json[0].GetProperty("state").GetString());
    }

    [Fact]
    public void Wait_OnAFreePort_RunsOutOfTime()
    {
        Listen(out int port).Dispose();
        Run("wait", $"{port}", "--timeout", "100ms").ExpectError(1);
        Assert.True(Run("wait", $"{port}", "--timeout", "0s", "--json").Expect(1).Json[0].GetProperty("timedOut").GetBoolean());
    }

    [Fact]
    public void Wait_UntilFree_EndsWhenTheListenerDoes()
    {
        using TcpListener listener = Listen(out int port);
        Run("wait", $"{port}", "--free", "--timeout", "100ms").ExpectError(1);
        Process waiting = Start(Executable, "wait", $"{port}", "--free", "--timeout", "1m");
        listener.Stop();
        Finish(waiting).Expect(0);
    }

    [Fact]
    public void Wait_Interrupted_TellsTheShell()
    {
        Needs.Linux();
        Needs.Interrupt();
        Process waiting = Start(Executable, "wait", "1", "--timeout", "1m");
        Shell("while ! grep -q portmgmt /proc/$1/comm; do sleep 0.05; done; sleep 0.3; kill -INT $1", $"{waiting.Id}").Expect(0);
        Finish(waiting).Expect(130);
    }
}
