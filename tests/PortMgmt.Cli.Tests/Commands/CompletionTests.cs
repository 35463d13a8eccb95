using System.Net;
using System.Net.Sockets;
using PortMgmt.Cli.Tests.Support;

namespace PortMgmt.Cli.Tests.Commands;

public sealed class CompletionTests : CommandLineFixture
{
    [Theory]
    [InlineData("le", "lease")]
    [InlineData("lease ", "list new remove renew")]
    [InlineData("lease re", "remove renew")]
    [InlineData("lease remove --", "--force --help --json --lock-timeout --name --port --registry --scope --token")]
    [InlineData("lease remove --p", "--port")]
    [InlineData("lease list --state ", "active quarantined stale")]
    [InlineData("lease list --state=s", "--state=stale")]
    [InlineData("lease new --protocol u", "udp")]
    [InlineData("--registry x lease l", "list")]
    [InlineData("batch --profile s", "streaming")]
    [InlineData("completion ", "bash fish pwsh zsh")]
    [InlineData("completion bash ", "")]
    [InlineData("batch --report ", "")]
    [InlineData("nonsense --nonsense ", "")]
    public void Complete_Line_HasWhatFits(string line, string expected) =>
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), Complete(line.Split(' ')));

    [Fact]
    public void Complete_NothingTyped_HasTheVerbsAndNoHiddenOne()
    {
        string[] verbs = Complete("");

        Assert.All(["batch", "completion", "lease", "run", "wait", "who"], verb => Assert.Contains(verb, verbs));
        Assert.DoesNotContain("complete", verbs);
    }

    [Theory]
    [InlineData("lease", "remove", "--name", "")]
    [InlineData("lease", "renew", "--name", "WEB:")]
    [InlineData("lease", "list", "--name", "w")]
    [InlineData("run", "--name", "we")]
    public void Complete_Name_HasLeasesWithTheirState(params string[] words)
    {
        int port = int.Parse(Run("lease", "new", "--name", "web:front").Lines[0], System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal([$"web:front\ttcp {port} active"], Run(["complete", "--", .. words]).Lines);
    }

    [Fact]
    public void Complete_Port_HasLeasedPortsAndListeners()
    {
        string leased = Run("lease", "new", "--name", "web").Lines[0];
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        string listening = ((IPEndPoint)listener.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal([$"{leased}\tweb (tcp), active"], Run("complete", "--", "lease", "remove", "--port", "").Lines);
        Assert.Contains(listening, Complete("who", ""));
        Assert.Contains(listening, Complete("wait", ""));
    }

    [Fact]
    public void Complete_LineThatNamesARegistry_LooksIntoThatOne()
    {
        string other = Path.Combine(WorkDirectory, "other");
        Run("lease", "new", "--name", "elsewhere", "--registry", other);

        Assert.Equal(["elsewhere"], Complete("lease", "remove", "--registry", other, "--name", ""));
        Assert.Empty(Complete("lease", "remove", "--name", ""));
    }

    [Fact]
    public void Complete_RegistryInTrouble_IsSilent()
    {
        string file = Path.Combine(WorkDirectory, "file");
        File.WriteAllText(file, "no directory");

        CliResult result = Run("complete", "--", "lease", "remove", "--registry", file, "--name", "");

        Assert.Equal((0, "", ""), (result.ExitCode, result.Output, result.Error));
    }

    [Fact]
    public void Completion_UnknownShell_IsAUsageError() => Assert.Equal(ExitCodes.Usage, Run("completion", "tcsh").ExitCode);

    private string[] Complete(params string[] words) => [.. Run(["complete", "--", .. words]).Lines.Select(line => line.Split('\t')[0])];
}
