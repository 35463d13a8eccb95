using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using PortMgmt.Heads.Projects;
using PortMgmt.Leases;
using PortMgmt.Ports;
using PortMgmt.PowerShell.Binding;
using PortMgmt.PowerShell.Errors;
using PortMgmt.PowerShell.Terminal;
using PortMgmt.Text;

namespace PortMgmt.PowerShell.Cmdlets;

/// <summary>What every cmdlet of the lease half has: a registry, an end on Ctrl-C, and typed errors. Keeps nothing beyond its call.</summary>
[SuppressMessage(
    "Design", "CA1001:Types that own disposable fields should be disposable",
    Justification = "A source without timer and wait handle holds nothing, and a stop may come from another thread after the cmdlet's end.")]
public abstract class PortCmdlet : PSCmdlet
{
    private const string FileSystem = "FileSystem";

    private readonly CancellationTokenSource _stopping = new();

    private PortRegistry? _opened;
    private bool _isMissingTold;

    // What was asked for when it was opened: leases of several registries may come through one pipeline.
    private string? _openedAs;

    /// <summary>
    /// The registry's directory; left out, that of the lease which is piped in, else <c>PORTMGMT_REGISTRY</c>, the machine-wide or the
    /// user's own registry is used.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("RegistryDirectory")]
    [ValidateNotNullOrEmpty]
    public string? Registry { get; set; }

    /// <summary>
    /// How long to wait in all while others use the registry, as a TimeSpan, as <c>30s</c>, or as a number of seconds; 0 for not at all.
    /// Left out, what <c>PORTMGMT_LOCK_TIMEOUT</c> says, else a minute.
    /// </summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? LockTimeout { get; set; }

    /// <summary>Cancelled by Ctrl-C, by the end of the pipeline and by <c>PowerShell.Stop()</c>.</summary>
    protected CancellationToken StopToken => _stopping.Token;

    /// <summary>Warns in text that the terminal only shows: what it names comes from others.</summary>
    /// <param name="text">The warning.</param>
    protected new void WriteWarning(string text) => base.WriteWarning(VisibleText.FromLines(text));

    /// <summary>Explains in text that the terminal only shows: what it names comes from others.</summary>
    /// <param name="text">The explanation.</param>
    protected new void WriteVerbose(string text) => base.WriteVerbose(VisibleText.FromLines(text));

    /// <summary>Asks in text that the terminal only shows: what it names comes from others.</summary>
    /// <param name="target">What something is done with.</param>
    /// <param name="action">What is done.</param>
    protected new bool ShouldProcess(string target, string action) => base.ShouldProcess(VisibleText.FromLines(target), VisibleText.FromLines(action));

    /// <summary>Asks in text that the terminal only shows: what it names comes from others.</summary>
    /// <param name="description">What is done, for -WhatIf.</param>
    /// <param name="question">The question, for -Confirm.</param>
    /// <param name="caption">What stands above the question.</param>
    /// <param name="reason">Why it is not to be done.</param>
    protected new bool ShouldProcess(string description, string question, string caption, out ShouldProcessReason reason) =>
        base.ShouldProcess(VisibleText.FromLines(description), VisibleText.FromLines(question), caption, out reason);

    /// <summary>The registry of this call, found at first use. Verbose output says which and why.</summary>
    protected PortRegistry OpenRegistry()
    {
        if (_opened is null || Registry != _openedAs)
        {
            _openedAs = Registry;
            string? directory = Registry is null ? null : ResolveRegistry(Registry);
            _isMissingTold = false;
            var options = new PortRegistryOptions { Directory = directory };
            _opened = PortRegistry.Open(LockTimeout is { } timeout ? options with { LockTimeout = timeout } : options);
            WriteVerbose("Registry " + _opened.Directory + ": " + PortText.Describe(_opened.Source) + ".");
        }

        return _opened;
    }

    /// <summary>The scope that is meant; <c>auto</c> begins to look at this shell's location, which is not the process's.</summary>
    /// <param name="scope">What was given; null for nothing, which leaves it to <c>PORTMGMT_SCOPE</c>.</param>
    protected string FindScope(string? scope) => PortScope.Find(scope, SessionState.Path.CurrentFileSystemLocation.ProviderPath);

    /// <summary>The same, for those who only read: says so where the caller named a directory that nobody has made a registry of.</summary>
    protected PortRegistry OpenToRead()
    {
        PortRegistry registry = OpenRegistry();
        if (Registry is not null && !_isMissingTold && !registry.IsMade)
        {
            WriteWarning("There is no registry in '" + registry.Directory + "': nothing was ever leased there. Check -Registry; New-PortLease makes a registry.");
            _isMissingTold = true;
        }

        return registry;
    }

    /// <summary>Reads a project file.</summary>
    /// <param name="path">The file, or its directory, relative to the shell's location.</param>
    private protected ProjectFile ReadProject(string path)
    {
        string file = Resolve(path, out string provider);
        return provider == FileSystem ? ProjectFile.Read(file) : throw new PortRegistryException(
            PortRegistryErrorCode.ProjectFileNotFound, "The project file '" + path + "' is no file but a path of the provider " + provider + ". Name a file, or the directory that has one.");
    }

    /// <summary>The requests for the ports of a project; a scope that is looked for begins at this shell's location.</summary>
    /// <param name="project">The project.</param>
    /// <param name="scope">What was given; null for nothing.</param>
    /// <param name="common">What holds for all of them.</param>
    private protected IReadOnlyList<PortLeaseRequest> MakeRequests(ProjectFile project, string? scope, PortLeaseRequest common) =>
        project.MakeRequests(OpenRegistry(), scope, common, SessionState.Path.CurrentFileSystemLocation.ProviderPath);

    /// <summary>Tells what the caller should know of a new lease.</summary>
    /// <param name="lease">The lease.</param>
    private protected void Notify(PortLease lease)
    {
        for (int i = 0; i < lease.Warnings.Count; i++)
        {
            WriteWarning(lease.Warnings[i]);
        }

        WriteVerbose("Leased " + lease + " " + PortText.DescribeEnd(lease) + ".");
    }

    private string ResolveRegistry(string path)
    {
        string directory = Resolve(path, out string provider);
        return provider == FileSystem ? directory : throw new PortRegistryException(
            PortRegistryErrorCode.RegistryUnavailable, "The registry '" + path + "' is no directory but a path of the provider " + provider + ". Name a directory.");
    }

    // Relative to the shell's location, which is not the process's, and made absolute at once.
    private string Resolve(string path, out string provider)
    {
        string resolved = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo found, out _);
        provider = found.Name;
        return resolved;
    }

    /// <inheritdoc/>
    protected sealed override void ProcessRecord()
    {
        try
        {
            ProcessInput();
        }
        catch (PortRegistryException failure)
        {
            Report(failure, null);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
    }

    /// <summary>Does the work for one pipeline input. Failures that concern one item are reported where the item is known.</summary>
    protected abstract void ProcessInput();

    /// <inheritdoc/>
    protected override void StopProcessing() => _stopping.Cancel();

    /// <summary>Writes the failure as an error, or ends the pipeline by it when no further item could do better.</summary>
    /// <param name="failure">What went wrong.</param>
    /// <param name="target">What it went wrong with.</param>
    protected void Report(PortRegistryException failure, object? target)
    {
        var record = PortErrors.ToErrorRecord(failure, target);
        if (PortErrors.EndsPipeline(failure.Code))
        {
            ThrowTerminatingError(record);
        }

        WriteError(record);
    }
}
