using System.Diagnostics;
using System.Management.Automation;
using PortMgmt.Leases;
using PortMgmt.Ports;
using PortMgmt.PowerShell.Binding;
using PortMgmt.PowerShell.Cmdlets;
using PortMgmt.PowerShell.Completion;

namespace PortMgmt.PowerShell.Commands;

/// <summary>Leases ports: nobody else who asks this registry gets them until the lease ends.</summary>
[Cmdlet(VerbsCommon.New, "PortLease", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low, DefaultParameterSetName = OwnedByProcess, HelpUri = HelpAddress.InModule)]
[OutputType(typeof(PortLease))]
public sealed class NewPortLeaseCommand : PortRequestCmdlet
{
    private const string OwnedByProcess = "Process";
    private const string OwnedByNobody = "NoOwner";
    private const string OwnedByListener = "Adopt";

    private bool _isNameGiven;
    private bool _isCountGiven;

    /// <summary>A label: a name tends to get the same port back, and many leases may share one. Several: a lease for each, all or none.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Accepts(typeof(IConvertible), HasAllLists = true)]
    [LeaseName]
    [AllowEmptyString]
    [AllowNull]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(LeaseNameCompleter))]
    public string[]? Name { get; set; }

    /// <summary>The process that the lease ends with; this shell if left out.</summary>
    [Parameter(ParameterSetName = OwnedByProcess)]
    [Alias("OwnerProcessId")]
    [ValidateRange(1, int.MaxValue)]
    public int ProcessId { get; set; }

    /// <summary>The same as an object, such as Get-Process and Start-Process -PassThru give. Its own name is not taken for the lease's.</summary>
    [Parameter(ParameterSetName = OwnedByProcess, ValueFromPipeline = true)]
    [Accepts(typeof(Process))]
    public Process? Process { get; set; }

    /// <summary>Ties the lease to no process: it ends by its time to live, which is then required, or by removal.</summary>
    [Parameter(ParameterSetName = OwnedByNobody, Mandatory = true)]
    public SwitchParameter NoOwner { get; set; }

    /// <summary>Takes a port under lease on which a process listens already; that process becomes the owner.</summary>
    [Parameter(ParameterSetName = OwnedByListener, Mandatory = true)]
    public SwitchParameter Adopt { get; set; }

    /// <summary>Get-or-create: the live lease of the same name, protocol and owner if there is one.</summary>
    [Parameter]
    public SwitchParameter Reuse { get; set; }

    /// <summary>With -Reuse: the token of the ownerless lease to be had again.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Token { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _isNameGiven = MyInvocation.BoundParameters.ContainsKey(nameof(Name));
        _isCountGiven = MyInvocation.BoundParameters.ContainsKey(nameof(Count));
    }

    /// <inheritdoc/>
    protected override void ProcessInput()
    {
        // A process that is piped in has a name as well, which the engine binds.
        Name = Process is null || _isNameGiven ? Name : null;

        // A list of names that is piped in as one has a count as well, which the engine binds.
        Count = Name is [_, _, ..] && !_isCountGiven ? 1 : Count;
        if (!ShouldProcess(DescribeWish(Name), "Lease"))
        {
            return;
        }

        try
        {
            if (Name is [])
            {
                throw new PortRegistryException(PortRegistryErrorCode.InvalidRequest, "-Name has no name. Give one, or leave it out for a lease without a name.");
            }

            IReadOnlyList<PortLease> leases = Acquire(MakeRequests(Name, MakeRequest()));
            for (int i = 0; i < leases.Count; i++)
            {
                WriteObject(leases[i]);
            }
        }
        catch (PortRegistryException failure)
        {
            Report(failure, Name is null or [null or ""] ? failure.Port : Name is [var name] ? name : Name);
        }
    }

    private PortLeaseRequest MakeRequest() => new()
    {
        Owner = NoOwner.IsPresent ? PortLeaseOwner.None
            : Process is not null ? PortLeaseOwner.Process(Process.Id)
            : ProcessId > 0 ? PortLeaseOwner.Process(ProcessId)
            : PortLeaseOwner.CurrentProcess,
        Reuse = Reuse.IsPresent,
        Token = Token,
        Adopt = Adopt.IsPresent,
    };
}
