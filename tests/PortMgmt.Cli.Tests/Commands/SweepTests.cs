using System.Diagnostics;
using System.Text.Json;
using PortMgmt.Cli.Tests.Support;

namespace PortMgmt.Cli.Tests.Commands;

public sealed class SweepTests : CommandLineFixture
{
    [Fact]
    public void Sweep_OfNothing_SaysSo() => Assert.Equal("No stale leases.\n", Run("sweep").Expect(0).Output);

    [Fact]
    public void Sweep_LeaseOfADeadProcess_IsTakenBackAndSaysWhy()
    {
        int port;
        using (Process owner = Start(Executable, "wait", "1", "--timeout", "1h"))
        {
            port = NewPort("--name", "gone", "--pid", $"{owner.Id}");
            Assert.Equal("No stale leases.\n", Run("sweep").Expect(0).Output);
            owner.Kill();
            owner.WaitForExit();
        }

        Assert.Equal("stale", Assert.Single(Leases()).GetProperty("state").GetString());
        Assert.False(Assert.Single(Run("sweep", "--what-if", "--json").Expect(0).Json).GetProperty("removed").GetBoolean());
        CliResult swept = Run("sweep", "--json").Expect(0);
        Assert.Equal(["port", "protocol", "name", "scope", "processId", "createdAt", "reason", "removed"], swept.Members);
        JsonElement stale = Assert.Single(swept.Json);
        Assert.Equal(port, stale.GetProperty("port").GetInt32());
        Assert.NotEqual("", stale.GetProperty("reason").GetString());
        Assert.True(stale.GetProperty("removed").GetBoolean());
        Assert.Empty(Leases());
    }
}
