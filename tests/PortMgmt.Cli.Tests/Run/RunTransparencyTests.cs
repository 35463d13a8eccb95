using PortMgmt.Cli.Tests.Support;
using PortMgmt.TestKit;
using static PortMgmt.Cli.Tests.Support.TestCommands;

namespace PortMgmt.Cli.Tests.Run;

/// <summary>What a command sees of its surroundings is the same under <c>portmgmt run</c> as without it.</summary>
public sealed class RunTransparencyTests : CommandLineFixture
{
    private const string Hexadecimal = "for argument; do printf '%s|' \"$argument\"; done | od -An -tx1";
    private const string Signals = "grep -E '^Sig(Blk|Ign|Cgt)' /proc/self/status";

    [Theory]
    [InlineData("'a b' \"it's\" '\"q\"' '' '  ' '*' '$HOME' '\\'")]
    [InlineData("'line\nbreak' '' ''")]
    [InlineData("\"$(printf '\\377\\376x')\" \"$(printf '\\303')\" größe 😀")]
    [InlineData("-- --name x --json @file -h")]
    [InlineData("'{{.Names}}' '{}' '{a:port}'")]
    public void Run_Arguments_ArePassedByteForByte(string arguments)
    {
        Needs.Unix();
        AssertSame($"sh -c '{Hexadecimal.Replace("'", "'\\''", StringComparison.Ordinal)}' sh {arguments}");
    }

    [Theory]
    [InlineData("a b", "it's", "\"q\"", "", "  ", "*", "$HOME", "\\", "%PATH%", "^&|<>", "\\\"", "c:\\x y\\")]
    [InlineData("line\nbreak", "", "")]
    [InlineData("größe", "😀", "日本")]
    [InlineData("--", "--name", "x", "--json", "@file", "-h")]
    [InlineData("{{.Names}}", "{}", "{a:port}")]
    public void Run_ArgumentsOfAnyText_ArePassedAsTheyAre(params string[] arguments)
    {
        string[] said = Run(["run", "--", TestProgram, "say", .. arguments]).Expect(0).Output.ReplaceLineEndings("\n").Split('\n');
        Assert.Equal(string.Join('\n', arguments), string.Join('\n', said[..^1]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("trap '' PIPE;")]
    [InlineData("trap '' TERM INT QUIT HUP;")]
    [InlineData("trap '' CHLD TSTP TTOU USR1;")]
    public void Run_SignalDispositions_AreInherited(string before)
    {
        Needs.Linux();
        AssertSame(Signals, before);
    }

    // The test's own host ignores SIGPIPE, and what it starts does then too; here it must be as a login shell has it.
    [Fact]
    public void Run_BrokenPipe_IsNotIgnoredWhereItWasNot()
    {
        Needs.Linux();
        RequireProgram("env --default-signal=PIPE true", "env --default-signal");
        const string Script = "\"$portmgmt\" run -- grep SigIgn /proc/self/status; \"$portmgmt\" run -- sh -c 'kill -PIPE $$'; echo $?";
        string[] lines = Shell($"env --default-signal sh -c '{Script.Replace("'", "'\\''", StringComparison.Ordinal)}'").Expect(0).Lines;
        Assert.Equal("SigIgn:\t0000000000000000", lines[0]);
        Assert.Equal("141", lines[^1]);
    }

    [Fact]
    public void Run_SignalMask_IsInherited()
    {
        Needs.Linux();
        RequireProgram("env --block-signal=USR1 true", "env --block-signal");
        AssertSame(Signals, wrapper: "env --block-signal=USR1 --block-signal=TERM");
    }

    [Theory]
    [InlineData("ulimit -Sn 256;")]
    [InlineData("ulimit -Sn 1000;")]
    [InlineData("ulimit -n 300;")]
    public void Run_Limits_AreInherited(string before)
    {
        Needs.Linux();
        AssertSame("cat /proc/self/limits", before);
    }

    [Fact]
    public void Run_OpenDescriptors_AreInheritedAndNoOthers()
    {
        Needs.Linux();
        AssertSame("sh -c 'exec ls /proc/self/fd'", "exec 7</dev/null;");
    }

    [Fact]
    public void Run_Environment_IsInherited()
    {
        Needs.Linux();
        AssertSame("sh -c 'env | grep -v -E \"^(PORT|PORT_1|PORTS|_)=\" | sort'", "export BYTES=\"$(printf '\\377')\" EMPTY=;");
    }

    [Fact]
    public void Run_DirectoryUmaskAndDumpFilter_AreInherited()
    {
        Needs.Linux();
        AssertSame("sh -c 'pwd; umask; cat /proc/self/coredump_filter; cat /proc/self/oom_score_adj'", "umask 027;");
    }

    [Fact]
    public void Run_StandardStreams_PassThrough()
    {
        CliResult result = Finish(Start(Executable, ["run", "--", .. Script("cat; echo err >&2", "copy", "complain err")]), "in"u8.ToArray()).Expect(0);
        Assert.Equal("in", result.Output);
        Assert.Equal("err\n", result.Error);
    }

    [Fact]
    public void Run_TerminalSettings_AreInherited()
    {
        Needs.Linux();
        RequireProgram("script -qec true /dev/null", "script");
        string without = Shell("script -qec 'stty -echo -icanon; stty -a' /dev/null").Expect(0).Output;
        string with = Shell("script -qec 'stty -echo -icanon; \"$portmgmt\" run -- stty -a' /dev/null").Expect(0).Output;
        Assert.Equal(without, with);
    }

    // The shell stays the parent of both, with a last command of its own, as it would replace itself otherwise.
    private void AssertSame(string command, string before = "", string wrapper = "")
    {
        string without = Shell($"{before} {wrapper} {command}; exit $?").Expect(0).Output;
        string with = Shell($"{before} {wrapper} \"$portmgmt\" run -- {command}; exit $?").Expect(0).Output;
        Assert.NotEqual("", without);
        Assert.Equal(without, with);
        Assert.Empty(Directory.GetFileSystemEntries(ChildrenTemporaryDirectory));
    }
}
