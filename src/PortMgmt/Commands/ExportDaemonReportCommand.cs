using System.Management.Automation;
using PortMgmt.Advice;
using PortMgmt.PowerShell.Binding;
using PortMgmt.PowerShell.Cmdlets;
using PortMgmt.PowerShell.Completion;
using PortMgmt.PowerShell.Execution;
using PortMgmt.Reports;

namespace PortMgmt.PowerShell.Commands;

/// <summary>
/// Writes what daemons did as one page of HTML: latencies, throughput, concurrency and queue over time, slow and failed operations, and
/// findings. The page needs nothing else, and no script.
/// </summary>
[Cmdlet(VerbsData.Export, "DaemonReport", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low, HelpUri = HelpAddress.InModule)]
[OutputType(typeof(FileInfo))]
public sealed class ExportDaemonReportCommand : DaemonCmdlet
{
    private readonly List<OperationReport> _reports = [];

    private bool _isNameOfInput = true;

    /// <summary>Names of daemons, with wildcards; the default one if left out. All go into one page. A file alone may stand here as well.</summary>
    [Parameter(Position = 0)]
    [Alias("Daemon")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DaemonNameCompleter))]
    public override string[] Name { get; set; } = [Daemon.DefaultName];

    /// <summary>The file to write. It is written whole and then renamed; one that is there is kept, unless -Force is given.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Daemons, or names of daemons.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public PSObject[] InputObject { get; set; } = [];

    /// <summary>The total latency that 99 percent should not exceed, for the findings: a TimeSpan, or as <c>100ms</c>, always with its unit; no such limit if left out.</summary>
    [Parameter]
    [DurationTransformation(UnitRequired = true)]
    public TimeSpan? AlertP99 { get; set; }

    /// <summary>Overwrites a file that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Puts the file out.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        bool isNameGiven = MyInvocation.BoundParameters.ContainsKey(nameof(Name));
        if (Path.Length == 0)
        {
            RequireFile(isNameGiven);
            (Path, Name) = (Name[0], [Daemon.DefaultName]);
            isNameGiven = false;
        }

        _isNameOfInput = !isNameGiven;
    }

    /// <inheritdoc/>
    protected override string[] FindNames() => InputObject.Length == 0 || !_isNameOfInput
        ? Name
        : Array.ConvertAll(InputObject, static input => input.BaseObject is string name ? name : input.Properties["Name"]?.Value as string ?? input.ToString());

    /// <inheritdoc/>
    protected override void ProcessDaemon(Daemon daemon) =>
        _reports.Add(OperationReport.From(daemon.Scheduler, new AdviceLimits { P99 = AlertP99 }));

    /// <inheritdoc/>
    protected override void EndProcessing() => Guard(Export, Path);

    private void Export()
    {
        string file = FileOf(Path, nameof(Path));
        if (_reports.Count == 0 || !ShouldProcess(file, "Write report on " + string.Join(", ", _reports.Select(report => report.Name))))
        {
            return;
        }

        RequireRoom(file);
        Write(file);
        if (PassThru.IsPresent)
        {
            // Made only now, so that it is as the file is.
            WriteObject(new FileInfo(file));
        }
    }

    // One argument is the file, if it looks like one.
    private void RequireFile(bool isNameGiven)
    {
        bool isFile = isNameGiven && Name is [string only] && !WildcardPattern.ContainsWildcardCharacters(only)
            && (System.IO.Path.HasExtension(only) || only.AsSpan().IndexOfAny('/', '\\') >= 0);
        if (!isFile)
        {
            var failure = new ArgumentException("To which file is the report to be written? Write Export-DaemonReport NAME FILE, or a file alone, such as report.html, for the daemon 'Default'.");
            ThrowTerminatingError(new ErrorRecord(failure, "ReportFileMissing", ErrorCategory.InvalidArgument, null));
        }
    }

    private void RequireRoom(string file)
    {
        if (!Force.IsPresent && File.Exists(file))
        {
            End(new IOException($"The report was not written: '{file}' is there already. Add -Force to overwrite it, or name another file."), "ReportExists", ErrorCategory.ResourceExists, file);
        }
    }

    private void Write(string file)
    {
        try
        {
            ReportFile.Write(file, HtmlReport.Create(_reports, DateTimeOffset.UtcNow), Force.IsPresent);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            End(new IOException($"The report '{file}' cannot be written: {failure.Message} Name another file.", failure), "ReportNotWritten", ErrorCategory.WriteError, file);
        }
    }

    private void End(IOException failure, string id, ErrorCategory category, string file) =>
        ThrowTerminatingError(new ErrorRecord(failure, id, category, file));
}
