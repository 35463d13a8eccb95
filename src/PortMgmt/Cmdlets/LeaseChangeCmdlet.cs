using System.Management.Automation;
using PortMgmt.Leases;
using PortMgmt.Ports;
using PortMgmt.PowerShell.Binding;

namespace PortMgmt.PowerShell.Cmdlets;

/// <summary>Changes leases: given as objects, by token, or selected by name and port. Each lease is a target, and fails, by itself.</summary>
public abstract class LeaseChangeCmdlet : LeaseSelectionCmdlet
{
    /// <summary>The parameter set that takes leases as objects.</summary>
    protected const string ByObject = "InputObject";

    /// <summary>The token that the lease's maker was given; it decides alone.</summary>
    [Parameter(ParameterSetName = BySelection, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    public string? Token { get; set; }

    /// <summary>Leases, from New-PortLease or Get-PortLease.</summary>
    [Parameter(ParameterSetName = ByObject, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Accepts(typeof(PortLease), Changes = true)]
    [ValidateNotNullOrEmpty]
    public PortLease[] InputObject { get; set; } = [];

    /// <inheritdoc/>
    protected sealed override void ProcessInput()
    {
        PrepareInput();
        foreach (PortLease lease in FindTargets())
        {
            try
            {
                Change(lease);
            }
            catch (PortRegistryException failure)
            {
                Report(failure, lease);
            }
        }
    }

    /// <summary>Looks at what was bound, before the leases are found.</summary>
    protected virtual void PrepareInput()
    {
    }

    /// <summary>Changes one lease, if the user agrees.</summary>
    /// <param name="lease">The lease.</param>
    protected abstract void Change(PortLease lease);

    private IReadOnlyList<PortLease> FindTargets()
    {
        if (ParameterSetName == ByObject)
        {
            return InputObject;
        }

        if (!string.IsNullOrEmpty(Token))
        {
            return FindByToken(Token);
        }

        return FindSelected();
    }

    /// <summary>The leases of the selection.</summary>
    /// <exception cref="PortRegistryException"><see cref="PortRegistryErrorCode.InvalidRequest"/>: nothing is selected.</exception>
    private protected virtual IReadOnlyList<PortLease> FindSelected() => IsAnySelected ? Select() : throw new PortRegistryException(
        PortRegistryErrorCode.InvalidRequest,
        "No lease is named: say which by -Name, -Port or -Token, or pipe leases in. To mean every lease, write -Name *.");

    /// <summary>Whether a name or a port is given.</summary>
    private protected bool IsAnySelected => Port is not (null or []) || !Array.TrueForAll(Name ?? [], string.IsNullOrEmpty);

    private PortLease[] FindByToken(string token)
    {
        try
        {
            return [OpenRegistry().GetLease(token, StopToken)];
        }
        catch (PortRegistryException failure)
        {
            Report(failure, token);
            return [];
        }
    }
}
