using Xunit;
using Xunit.v3;

namespace PortMgmt.Hosted.Tests.Pester;

/// <summary>
/// The files of tests/pester, against the built module: in a pwsh of their own, or of a few. Twice as many at once as there are
/// processors, since some wait (xunit.runner.json).
/// </summary>
[TestCaseOrderer(typeof(UnorderedTestCaseOrderer))]
public sealed class PesterTests(ITestOutputHelper output)
{
    /// <summary>Names a directory in which each file leaves its counts.</summary>
    private const string ResultsVariable = "PORTMGMT_TEST_RESULTS";

    /// <summary>They take longest: what is begun last would be waited for alone.</summary>
    private static readonly string[] First =
    [
        "Package.Tests.ps1", "Recipes.Tests.ps1", "BatchFailures.Tests.ps1", "Cluster.Tests.ps1", "BatchTable.Tests.ps1", "Examples.Tests.ps1",
        "BatchStop.Tests.ps1", "BatchErrors.Tests.ps1", "Module.Tests.ps1",
    ];

    /// <summary>
    /// Files that leave a shell as they found it: a shell, Pester and the module take two seconds of the processor to start, since each has
    /// to compile what it uses. At most five, since a test's name shows no more.
    /// </summary>
    private static readonly string[][] Together =
    [
        ["Get-PortLease.Tests.ps1", "New-PortLease.Tests.ps1", "Remove-PortLease.Tests.ps1", "Remove-StalePort.Tests.ps1", "Update-PortLease.Tests.ps1"],
        ["Get-PortListener.Tests.ps1", "PortPolicy.Tests.ps1", "Scope.Tests.ps1", "Test-Port.Tests.ps1", "Wait-Port.Tests.ps1"],
        ["Errors.Tests.ps1", "Get-PortEnvironment.Tests.ps1", "Initialize-PortRegistry.Tests.ps1", "LockTimeout.Tests.ps1", "Pipeline.Tests.ps1"],
        ["BatchErrors.Tests.ps1", "BatchImports.Tests.ps1", "Runspaces.Tests.ps1", "Batch.Tests.ps1", "BatchCalls.Tests.ps1"],
        ["BatchFailures.Tests.ps1", "BatchIsolation.Tests.ps1", "BatchOutput.Tests.ps1", "BatchValues.Tests.ps1"],
        ["BatchTable.Tests.ps1", "ValueTable.Tests.ps1", "Automation.Tests.ps1"],
        ["BatchExit.Tests.ps1", "Daemon.Tests.ps1", "BatchSoak.Tests.ps1"],
        ["Completion.Tests.ps1", "Export-DaemonReport.Tests.ps1", "Results.Tests.ps1", "Views.Tests.ps1", "VisibleText.Tests.ps1"],
        ["Module.Tests.ps1", "Update.Tests.ps1", "Build.Tests.ps1", "Use-PortLease.Tests.ps1", "ImportSoak.Tests.ps1"],
        ["Examples.Tests.ps1", "ProjectRecipes.Tests.ps1", "Help.Tests.ps1"],
    ];

    // Long forms are asked for by name, and take as long as they take.
    private static readonly TimeSpan Limit = Environment.GetEnvironmentVariable("PORTMGMT_SOAK") == "1" ? TimeSpan.FromHours(3) : TimeSpan.FromMinutes(10);

    public static IEnumerable<TheoryDataRow<string[]>> Files =>
        from path in Directory.EnumerateFiles(Repository.PesterDirectory, "*.Tests.ps1")
        let file = Path.GetFileName(path)
        let files = Array.Find(Together, those => those.Contains(file)) ?? [file]
        where files[0] == file
        let place = Array.IndexOf(First, file)
        orderby place < 0, place, file
        select new TheoryDataRow<string[]>(files);

    [Theory]
    [MemberData(nameof(Files))]
    public void PesterFiles_AllTheirTests_Pass(string[] files)
    {
        string script = Path.Combine(AppContext.BaseDirectory, "Pester", "Invoke-TestFile.ps1");
        string[] results = Environment.GetEnvironmentVariable(ResultsVariable) is { Length: > 0 } directory ? ["-Results", directory] : [];

        string[] paths = Array.ConvertAll(files, file => Path.Combine(Repository.PesterDirectory, file));

        PwshResult result = Pwsh.Run(Limit, script, [.. paths, .. results]);

        output.WriteLine(result.Output);
        Assert.True(result.ExitCode == 0, result.ExitCode is null ? $"{string.Join(", ", files)} did not end within {Limit}:\n{result.Output}" : result.Output);
        Assert.Equal(files.Length, result.Output.Split("Tests Passed: ").Length - 1);
    }
}
