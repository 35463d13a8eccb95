using System.Management.Automation;
using PortMgmt.Heads;
using PortMgmt.Heads.Projects;
using PortMgmt.Leases;
using PortMgmt.Ports;
using PortMgmt.PowerShell.Binding;
using PortMgmt.PowerShell.Cmdlets;
using PortMgmt.PowerShell.Completion;
using PortMgmt.PowerShell.Execution;

namespace PortMgmt.PowerShell.Commands;

/// <summary>Leases the ports that a project file names, or finds those it has, and gives the variables that are to have them.</summary>
[Cmdlet(VerbsCommon.Get, "PortEnvironment", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low, DefaultParameterSetName = OwnedByProcess, HelpUri = HelpAddress.InModule)]
[OutputType(typeof(PortEnvironmentVariable), typeof(string))]
public sealed class GetPortEnvironmentCommand : PortCmdlet
{
    private const string OwnedByProcess = "Process";
    private const string OwnedByNobody = "NoOwner";

    /// <summary>The project file, or its directory; portmgmt.json at the current location if left out.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Project { get; set; } = ".";

    /// <summary>The variables as text, instead of as objects.</summary>
    [Parameter]
    public PortEnvironmentFormat? Format { get; set; }

    /// <summary>
    /// What the names belong to, such as a checkout: <c>auto</c> is the nearest directory with .git. Left out, what <c>PORTMGMT_SCOPE</c>
    /// says, then what the file says, then its directory.
    /// </summary>
    [Parameter]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(LeaseScopeCompleter))]
    public string? Scope { get; set; }

    /// <summary>The process that the leases end with; this shell if left out.</summary>
    [Parameter(ParameterSetName = OwnedByProcess)]
    [Alias("OwnerProcessId")]
    [ValidateRange(1, int.MaxValue)]
    public int ProcessId { get; set; }

    /// <summary>Ties the leases to no process: they end by their time to live, which is then required, or by removal.</summary>
    [Parameter(ParameterSetName = OwnedByNobody, Mandatory = true)]
    public SwitchParameter NoOwner { get; set; }

    /// <summary>How long the leases live at most, as a TimeSpan, as <c>10m</c> or <c>90s</c>, or as a number of seconds; as long as their owner if left out.</summary>
    [Parameter(ParameterSetName = OwnedByProcess)]
    [Parameter(ParameterSetName = OwnedByNobody, Mandatory = true)]
    [Alias("Ttl")]
    [DurationTransformation]
    public TimeSpan? TimeToLive { get; set; }

    /// <inheritdoc/>
    protected override void ProcessInput()
    {
        try
        {
            LeaseProject();
        }
        catch (PortRegistryException failure)
        {
            Report(failure, Project);
        }
    }

    private void LeaseProject()
    {
        ProjectFile project = ReadProject(Project);
        if (!ShouldProcess("the ports of '" + project.Path + "'", "Lease"))
        {
            return;
        }

        var common = new PortLeaseRequest
        {
            Reuse = true,
            ReusesOwnerless = NoOwner.IsPresent,
            Owner = NoOwner.IsPresent ? PortLeaseOwner.None : ProcessId > 0 ? PortLeaseOwner.Process(ProcessId) : PortLeaseOwner.CurrentProcess,
            TimeToLive = TimeToLive,
        };
        IReadOnlyList<PortLease> leases = OpenRegistry().AcquireAll(MakeRequests(project, Scope, common), StopToken);
        foreach (PortLease lease in leases)
        {
            Notify(lease);
        }

        Write(project, leases);
    }

    private void Write(ProjectFile project, IReadOnlyList<PortLease> leases)
    {
        if (Format is not { } format)
        {
            for (int i = 0; i < leases.Count; i++)
            {
                WriteObject(new PortEnvironmentVariable(project.Ports[i].Variable, leases[i]));
            }

            return;
        }

        int[] ports = [.. leases.Select(lease => lease.Port)];
        foreach (string line in EnvironmentText.Write((EnvironmentFormat)format, PortEnvironment.GetVariables(null, project.Variables, ports)))
        {
            WriteObject(line);
        }
    }
}
