using System.Management.Automation;
using PortMgmt.Heads;
using PortMgmt.Heads.Projects;
using PortMgmt.Leases;
using PortMgmt.Ports;
using PortMgmt.PowerShell.Binding;
using PortMgmt.PowerShell.Cmdlets;
using PortMgmt.PowerShell.Completion;
using PortMgmt.PowerShell.Errors;
using PortMgmt.PowerShell.Execution;
using PortMgmt.PowerShell.Scripts;

namespace PortMgmt.PowerShell.Commands;

/// <summary>
/// Runs a script block with a leased port in <c>$Port</c>, <c>$PortLease</c> and <c>$Ports</c>, and gives the port back
/// however the block ends: by itself, by an error, by Ctrl-C or because nobody wants more of its output.
/// </summary>
[Cmdlet(VerbsOther.Use, "PortLease", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low, DefaultParameterSetName = WithoutName, HelpUri = HelpAddress.InModule)]
[OutputType(typeof(object))]
public sealed class UsePortLeaseCommand : PortRequestCmdlet
{
    private const string WithName = "Name";
    private const string WithoutName = "Nameless";
    private const string OfProject = "Project";

    private static readonly string[] SaidByProject = [nameof(Port), nameof(PreferredPort), nameof(Count), nameof(Contiguous), nameof(Protocol), nameof(Range), nameof(Exclude)];

    private IReadOnlyList<PortVariable> _named = [];

    /// <summary>A label: a name tends to get the same port back, and many leases may share one. Several: a lease for each, all or none.</summary>
    [Parameter(ParameterSetName = WithName, Mandatory = true, Position = 0)]
    [Accepts(typeof(IConvertible))]
    [LeaseName]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(LeaseNameCompleter))]
    public string[]? Name { get; set; }

    /// <summary>A project file, or its directory: each of its ports is leased, all or none, and its variables have them meanwhile.</summary>
    [Parameter(ParameterSetName = OfProject, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string? Project { get; set; }

    /// <summary>
    /// What to run. <c>$Port</c> is the first port, <c>$PortLease</c> the lease or leases, <c>$Ports</c> all the ports, with that of a name
    /// as <c>$Ports.web</c>.
    /// </summary>
    [Parameter(ParameterSetName = WithName, Position = 1)]
    [Parameter(ParameterSetName = WithoutName, Position = 0)]
    [Parameter(ParameterSetName = OfProject, Position = 0)]
    [ValidateNotNull]
    public ScriptBlock ScriptBlock { get; set; } = null!;

    /// <summary>
    /// An environment variable that has the first port meanwhile, for this whole process and its children; with <c>_1</c> to <c>_n</c>
    /// behind its name there is one for each port, and with <c>S</c> one with all of them. With several names each has its own as well:
    /// <c>WEB_PORT</c> for web.
    /// </summary>
    [Parameter]
    [ValidateVariableName]
    public string? EnvironmentVariable { get; set; }

    /// <summary>What errors are about.</summary>
    private object? Target => Project is not null ? Project : Name is [var name] ? name : Name;

    /// <inheritdoc/>
    protected override void ProcessInput()
    {
        RequireBlock();
        if (!ShouldProcess(Project is null ? DescribeWish(Name) : "the ports of '" + Project + "'", "Lease, run the script block, give back"))
        {
            return;
        }

        IReadOnlyList<PortLease> leases = AcquireOrEnd();
        bool ended = false;
        try
        {
            Run(leases);
            ended = true;
        }
        finally
        {
            PortRegistryException? failure = GiveBack(leases);
            if (ended && failure is not null)
            {
                Report(failure, Target);
            }
        }
    }

    // Not a mandatory parameter: nobody can type a block at a prompt.
    private void RequireBlock()
    {
        if (ScriptBlock is null)
        {
            var failure = new PortRegistryException(
                PortRegistryErrorCode.InvalidRequest, "What is to run with the port? Give a script block, such as Use-PortLease web { ./server --port $Port }. New-PortLease leases a port without one.");
            ThrowTerminatingError(PortErrors.ToErrorRecord(failure, Target));
        }
    }

    private IReadOnlyList<PortLease> AcquireOrEnd()
    {
        try
        {
            return Acquire(Project is null ? PrepareNames() : PrepareProject(Project));
        }
        catch (PortRegistryException failure)
        {
            ThrowTerminatingError(PortErrors.ToErrorRecord(failure, Target));
            throw;
        }
    }

    private IReadOnlyList<PortLeaseRequest> PrepareNames()
    {
        _named = EnvironmentVariable is null ? [] : PortEnvironment.ForNames(Name ?? []);
        PortEnvironment.Check(EnvironmentVariable, _named);
        return MakeRequests(Name, new PortLeaseRequest());
    }

    private IReadOnlyList<PortLeaseRequest> PrepareProject(string path)
    {
        if (SaidByProject.FirstOrDefault(MyInvocation.BoundParameters.ContainsKey) is { } other)
        {
            throw new PortRegistryException(PortRegistryErrorCode.InvalidRequest, "-Project and -" + other + " exclude each other: the project file says which ports there are. Give one of them.");
        }

        ProjectFile project = ReadProject(path);
        _named = project.Variables;
        PortEnvironment.Check(EnvironmentVariable, _named);
        return MakeRequests(project, Scope, new PortLeaseRequest { TimeToLive = TimeToLive });
    }

    private void Run(IReadOnlyList<PortLease> leases)
    {
        int[] ports = [.. leases.Select(lease => lease.Port)];
        using var variables = new ScopedVariables(PortEnvironment.GetVariables(EnvironmentVariable, _named, ports));
        var block = new LeasedBlock(InvokeCommand, SessionState.Module);
        object lease = leases.Count == 1 ? leases[0] : leases.ToArray();
        WriteObject(block.Invoke(ScriptBlock, ports[0], lease, new LeasedPorts(leases)), enumerateCollection: true);
    }

    // Not cancelled by Ctrl-C. A lease that cannot be given back ends with this process, or by its time to live.
    private PortRegistryException? GiveBack(IReadOnlyList<PortLease> leases)
    {
        PortRegistryException? first = null;
        foreach (PortLease lease in leases)
        {
            try
            {
                OpenRegistry().Remove(lease, cancellationToken: CancellationToken.None);
            }
            catch (PortRegistryException failure)
                when (failure.Code is PortRegistryErrorCode.LeaseNotFound or PortRegistryErrorCode.LeaseNotOwned)
            {
                // The block gave it back itself.
            }
            catch (PortRegistryException failure)
            {
                first ??= failure;
            }
        }

        return first;
    }
}
