using Xunit;
using Xunit.v3;

namespace PortMgmt.Hosted.Tests.Pester;

/// <summary>Each file of tests/pester in a pwsh of its own, against the built module; half as many again at once as there are processors, since some wait.</summary>
[TestCaseOrderer(typeof(UnorderedTestCaseOrderer))]
public sealed class PesterTests(ITestOutputHelper output)
{
    /// <summary>Names a directory in which each file leaves its counts.</summary>
    private const string ResultsVariable = "PORTMGMT_TEST_RESULTS";

    /// <summary>They take longest: what is begun last would be waited for alone.</summary>
    private static readonly string[] First =
        ["Recipes.Tests.ps1", "BatchStop.Tests.ps1", "Package.Tests.ps1", "Cluster.Tests.ps1", "Automation.Tests.ps1", "BatchTable.Tests.ps1"];

    // Long forms are asked for by name, and take as long as they take.
    private static readonly TimeSpan Limit = Environment.GetEnvironmentVariable("PORTMGMT_SOAK") == "1" ? TimeSpan.FromHours(3) : TimeSpan.FromMinutes(10);

    public static IEnumerable<TheoryDataRow<string>> Files =>
        from path in Directory.EnumerateFiles(Repository.PesterDirectory, "*.Tests.ps1")
        let file = Path.GetFileName(path)
        let place = Array.IndexOf(First, file)
        orderby place < 0, place, file
        select new TheoryDataRow<string>(file);

    [Theory]
    [MemberData(nameof(Files))]
    public void PesterFile_AllItsTests_Pass(string file)
    {
        string script = Path.Combine(AppContext.BaseDirectory, "Pester", "Invoke-TestFile.ps1");
        string[] results = Environment.GetEnvironmentVariable(ResultsVariable) is { Length: > 0 } directory ? ["-Results", directory] : [];

        PwshResult result = Pwsh.Run(Limit, script, ["-Path", Path.Combine(Repository.PesterDirectory, file), .. results]);

        output.WriteLine(result.Output);
        Assert.True(result.ExitCode == 0, result.ExitCode is null ? $"{file} did not end within {Limit}:\n{result.Output}" : result.Output);
        Assert.Contains("Tests Passed: ", result.Output, StringComparison.Ordinal);
    }
}
