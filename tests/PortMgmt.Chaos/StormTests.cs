using System.Runtime.Versioning;
using PortMgmt.TestKit;
using Xunit;

namespace PortMgmt.Chaos;

[Collection(ProcessTests.Name)]
[UnsupportedOSPlatform("windows")]
public sealed class StormTests(ITestOutputHelper output)
{
    [Fact]
    public void Storm_FaultsInEveryProcess_LeavesATrueTableAfterEachRound()
    {
        Needs.Linux();
        using var directory = new TemporaryDirectory();
        var ledger = new ChaosLedger(output);
        var storm = new Storm(directory.Path, ledger, new StandingLeases(directory.Path, ChaosScale.StandingLeases));

        for (int round = 1; round <= ChaosScale.Rounds; round++)
        {
            storm.Rage(round, ChaosScale.Workers);
        }

        ledger.Close();
    }
}
