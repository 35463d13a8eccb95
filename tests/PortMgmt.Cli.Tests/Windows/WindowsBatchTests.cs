using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using PortMgmt.TestKit;
using static PortMgmt.Cli.Tests.Support.TestCommands;

namespace PortMgmt.Cli.Tests.Windows;

public sealed class WindowsBatchTests : WindowsFixture
{
    [Fact]
    public void Batch_ManyChildrenAtOnce_LosesNoOutput()
    {
        Needs.Windows();
        JsonElement[] results = Results(Batch(Numbers(64), "--jobs", "32", "--", "cmd", "/c", "echo {}& echo error of {} >&2").Expect(0));

        Assert.Equal(64, results.Length);
        Assert.All(results, result => Assert.Equal($"{result.GetProperty("id").GetInt32()}\n", Text(result, "output")));
    }

    [Fact]
    public void Batch_ChildThatLeavesAnotherWithItsStreams_EndsWithWhatItWrote()
    {
        Needs.Windows();
        JsonElement result = OnlyResult(Batch("x\n", "--timeout", "60s", "--", TestProgram, "nest").Expect(0));
        int left = int.Parse(Text(result, "output"), CultureInfo.InvariantCulture);
        Assert.True(IsAlive(left), "What a command leaves running is its own affair.");
        using var process = Process.GetProcessById(left);
        process.Kill();
        process.WaitForExit();
    }

    [Fact]
    public void Batch_Timeout_EndsTheChildWithAllThatItStarted()
    {
        Needs.Windows();
        JsonElement result = OnlyResult(Batch("x\n", "--timeout", "10s", "--", TestProgram, "nest", "stay").Expect(1));
        Assert.Equal("timedOut", Text(result, "status"));
        int nested = int.Parse(Text(result, "output"), CultureInfo.InvariantCulture);
        Eventually.IsTrue(() => !IsAlive(nested));
    }

    [Fact]
    public void Batch_ExitCodes_AreThoseOfTheCommand()
    {
        Needs.Windows();
        Assert.Equal(259, OnlyResult(Batch("x\n", "--", "cmd", "/c", "exit 259").Expect(1)).GetProperty("exitCode").GetInt32());
        Assert.Equal(-1, OnlyResult(Batch("x\n", "--", "cmd", "/c", "exit -1").Expect(1)).GetProperty("exitCode").GetInt32());
    }

    [Fact]
    public void Batch_CommandThatIsNotThere_IsSaidOnce()
    {
        Needs.Windows();
        string error = Batch("x\ny\n", "--", "nosuchthing").ExpectError(ExitCodes.Usage);
        Assert.Contains("'nosuchthing' not found", error, StringComparison.Ordinal);
    }
}
