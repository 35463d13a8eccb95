using System.Management.Automation;
using PortMgmt.Heads;
using PortMgmt.Leases;
using PortMgmt.Ports;
using PortMgmt.PowerShell.Binding;
using PortMgmt.PowerShell.Completion;
using PortMgmt.PowerShell.Terminal;

namespace PortMgmt.PowerShell.Cmdlets;

/// <summary>What can be asked of a port, shared by the cmdlets that lease one. The names fit the columns of an imported table.</summary>
public abstract class PortRequestCmdlet : PortCmdlet
{
    /// <summary>
    /// What the name belongs to, such as a checkout: <c>auto</c> is the nearest directory with .git. <c>PORTMGMT_SCOPE</c> if left out,
    /// none if empty.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(LeaseScopeCompleter))]
    public string? Scope { get; set; }

    /// <summary>Exactly this port or an error, 1 to 65535; 0 or an empty cell means any. As many as there are names.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [PortListTransformation]
    [AllowEmptyCollection]
    [ValidateRange(0, 65535)]
    public int[] Port { get; set; } = [];

    /// <summary>
    /// The first of these ports that can be had, else another, 1 to 65535; 0 or an empty cell means no preference. With several names one
    /// for each.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [PortListTransformation]
    [AllowEmptyCollection]
    [ValidateRange(0, 65535)]
    public int[] PreferredPort { get; set; } = [];

    /// <summary>Where to look, such as <c>'20000-20100'</c>; the range of the registry's policy if left out.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("DefaultRange")]
    [PortRangeTransformation]
    public PortRange? Range { get; set; }

    /// <summary>Ports and ranges that are not wanted, such as <c>8080, '9000-9100'</c>.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [PortRangeTransformation]
    [AllowNull]
    [AllowEmptyCollection]
    public PortRange[]? Exclude { get; set; }

    /// <summary>The transport; TCP unless said otherwise.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [EmptyCell(PortProtocol.Tcp)]
    public PortProtocol Protocol { get; set; }

    /// <summary>How many ports for one name, 1 to 1000: all of them or none.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [EmptyCell(1)]
    [ValidateRange(1, 1000)]
    public int Count { get; set; } = 1;

    /// <summary>Whether the ports must follow one another without a gap.</summary>
    [Parameter]
    public SwitchParameter Contiguous { get; set; }

    /// <summary>How long the lease lives at most, as a TimeSpan, as <c>10m</c> or <c>90s</c>, or as a number of seconds; as long as its owner if left out.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Ttl")]
    [DurationTransformation]
    public TimeSpan? TimeToLive { get; set; }

    /// <summary>What is asked for: one request, or one for each name.</summary>
    /// <param name="names">The names; null or empty for a lease without one.</param>
    /// <param name="common">What only the cmdlet knows of it.</param>
    /// <exception cref="PortRegistryException">There are not as many ports as names, or a name is there twice.</exception>
    private protected IReadOnlyList<PortLeaseRequest> MakeRequests(string[]? names, PortLeaseRequest common)
    {
        PortLeaseRequest request = common with
        {
            Scope = FindScope(Scope),
            Protocol = Protocol,
            Range = Range,
            Exclude = Exclude ?? [],
            Count = Count,
            Contiguous = Contiguous.IsPresent,
            TimeToLive = TimeToLive,
        };
        return new NamedRequests("-Port", "-PreferredPort", "-Count").Create(request, names ?? [], Port, PreferredPort);
    }

    /// <summary>Leases what is asked for, all or none, and tells what the caller should know of it.</summary>
    /// <param name="requests">What is asked for.</param>
    private protected IReadOnlyList<PortLease> Acquire(IReadOnlyList<PortLeaseRequest> requests)
    {
        IReadOnlyList<PortLease> leases = NamedRequests.Acquire(OpenRegistry(), requests, StopToken);
        bool told = false;
        try
        {
            for (int i = 0; i < leases.Count; i++)
            {
                Notify(leases[i]);
            }

            told = true;
        }
        finally
        {
            // -WarningAction Stop ends the cmdlet here: what the caller never gets to see must not stay leased.
            for (int i = 0; i < leases.Count && !told; i++)
            {
                leases[i].Dispose();
            }
        }

        return leases;
    }

    /// <summary>What a confirmation calls the wish.</summary>
    private protected string DescribeWish(string[]? names)
    {
        string protocol = PortText.Describe(Protocol);
        string wish = names?.Length > 1
            ? PortText.Number(names.Length) + " " + protocol + " ports"
            : Count > 1
                ? PortText.Number(Count) + " " + protocol + " ports"
                : Port is [> 0, ..]
                    ? protocol + " port " + PortText.Number(Port[0])
                    : "any " + protocol + " port";
        string whose = string.Join(", ", (names ?? []).Where(name => !string.IsNullOrEmpty(name)).Select(name => "'" + name + "'"));
        return whose.Length == 0 ? wish : wish + " for " + whose;
    }
}
