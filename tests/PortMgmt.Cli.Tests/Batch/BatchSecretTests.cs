using PortMgmt.Cli.Tests.Support;
using static PortMgmt.Cli.Tests.Support.TestCommands;

namespace PortMgmt.Cli.Tests.Batch;

/// <summary>What stays behind of a batch whose lines are secrets, and what a terminal gets of hostile ones.</summary>
public sealed class BatchSecretTests : BatchFixture
{
    private string Log => Path.Combine(WorkDirectory, "log");

    [Fact]
    public void JobLog_OfABatch_HasNeitherInputNorOutput()
    {
        Batch("hunter2\n", ["--job-log", Log, "--", .. Script("echo {}; echo {} >&2", "say {}", "complain {}")]).Expect(0);
        Batch("hunter2\n", ["--job-log", Log, "--resume", "--", .. Script("echo {}; echo {} >&2", "say {}", "complain {}")]).Expect(0);
        Batch("hunter3\n", ["--job-log", Log, "--resume", "--any-command", "--", .. Script("echo {}; echo {} >&2; exit 3", "say {}", "complain {}", "exit 3")]).Expect(1);

        string log = File.ReadAllText(Log);
        Assert.Equal(2, log.Count(character => character == '\n'));
        Assert.DoesNotContain("hunter", log, StringComparison.Ordinal);
    }

    [Fact]
    public void Batch_DamagedLog_IsQuotedAndNotObeyed()
    {
        File.WriteAllText(Log, "\e]0;title\a\e[2J\n");

        CliResult refused = Batch("1\n", "--job-log", Log, "--resume", "--", "true").Expect(2);

        Assert.Contains("\\u001b", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', refused.Error);
    }

    [Fact]
    public void Batch_LineThatLooksLikeShellCodeOrAnOption_IsOneArgument()
    {
        Batch("; touch pwned; $(touch pwned) `touch pwned` --help\n-rf\n", "--", "printf", "%s\\n", "{}").Expect(0);

        Assert.False(File.Exists(Path.Combine(WorkDirectory, "pwned")));
    }
}
