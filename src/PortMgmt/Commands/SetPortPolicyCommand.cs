using System.Collections;
using System.Globalization;
using System.Management.Automation;
using PortMgmt.Leases;
using PortMgmt.Ports;
using PortMgmt.PowerShell.Binding;
using PortMgmt.PowerShell.Cmdlets;
using PortMgmt.PowerShell.Terminal;

namespace PortMgmt.PowerShell.Commands;

/// <summary>Changes the registry's policy. What is not given stays as it is.</summary>
[Cmdlet(VerbsCommon.Set, "PortPolicy", SupportsShouldProcess = true, DefaultParameterSetName = ByValue, HelpUri = HelpAddress.InModule)]
[OutputType(typeof(PortPolicy))]
public sealed class SetPortPolicyCommand : PortCmdlet
{
    private const string ByValue = "Value";
    private const string ByObject = "InputObject";
    private const string ToDefaults = "Reset";

    private static readonly string[] Changes = [nameof(DefaultRange), nameof(Exclude), nameof(Reserve), nameof(Unreserve), nameof(MaxTimeToLive)];

    // The change is worked out twice: to be described, and under the registry's lock.
    private readonly HashSet<string> _warned = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A whole policy, such as that of another registry.</summary>
    [Parameter(ParameterSetName = ByObject, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public PortPolicy? InputObject { get; set; }

    /// <summary>Where ports are looked for when a request has no range, such as <c>'20000-29999'</c>.</summary>
    [Parameter(ParameterSetName = ByValue)]
    [Alias("Range")]
    [PortRangeTransformation]
    public PortRange DefaultRange { get; set; }

    /// <summary>All the ports that are never handed out, such as <c>8080, '9000-9100'</c>; <c>@()</c> for none.</summary>
    [Parameter(ParameterSetName = ByValue)]
    [PortRangeTransformation]
    [AllowEmptyCollection]
    public PortRange[] Exclude { get; set; } = [];

    /// <summary>Ports to keep for names, such as <c>@{ web = 8080; 'web in /srv/shop' = 8081 }</c>, beside those that are kept already.</summary>
    [Parameter(ParameterSetName = ByValue)]
    [Alias("Reservations")]
    [ValidateNotNull]
    public IDictionary? Reserve { get; set; }

    /// <summary>Names whose reserved ports are given up.</summary>
    [Parameter(ParameterSetName = ByValue)]
    [ValidateNotNullOrEmpty]
    public string[] Unreserve { get; set; } = [];

    /// <summary>The longest time to live of a lease, as a TimeSpan, as <c>8h</c>, or as a number of seconds; <c>$null</c> for no limit.</summary>
    [Parameter(ParameterSetName = ByValue)]
    [DurationTransformation]
    [AllowNull]
    public TimeSpan? MaxTimeToLive { get; set; }

    /// <summary>Goes back to the defaults.</summary>
    [Parameter(ParameterSetName = ToDefaults, Mandatory = true)]
    public SwitchParameter Reset { get; set; }

    /// <summary>Whether to put out the policy as it is then.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessInput()
    {
        PortRegistry registry = OpenRegistry();
        PortPolicy? whole = InputObject ?? (Reset.IsPresent ? new PortPolicy() : null);
        if (whole is null)
        {
            RequireChange();
        }

        if (!ShouldProcess(registry.Directory, "Set the port policy: " + Describe(registry, whole)))
        {
            return;
        }

        if (whole is null)
        {
            registry.ChangePolicy(Change, StopToken);
        }
        else
        {
            registry.SetPolicy(whole, StopToken);
        }

        if (PassThru.IsPresent)
        {
            WriteObject(registry.GetPolicy());
        }
    }

    private string Describe(PortRegistry registry, PortPolicy? whole)
    {
        try
        {
            PortPolicy present = registry.GetPolicy();
            return PolicyText.DescribeChange(present, whole ?? Change(present));
        }
        catch (PortRegistryException failure) when (failure.Code == PortRegistryErrorCode.RegistryCorrupt && whole is not null)
        {
            return "it replaces one that cannot be read";
        }
    }

    private void RequireChange()
    {
        if (!Array.Exists(Changes, MyInvocation.BoundParameters.ContainsKey))
        {
            throw new PortRegistryException(
                PortRegistryErrorCode.InvalidRequest, "Nothing is to be changed: give one of -" + string.Join(", -", Changes) + ", or -Reset.");
        }
    }

    private PortPolicy Change(PortPolicy policy)
    {
        Dictionary<string, object> given = MyInvocation.BoundParameters;
        PortPolicy changed = given.ContainsKey(nameof(DefaultRange)) ? policy with { DefaultRange = DefaultRange } : policy;
        return changed with
        {
            Exclude = given.ContainsKey(nameof(Exclude)) ? Exclude : policy.Exclude,
            MaxTimeToLive = given.ContainsKey(nameof(MaxTimeToLive)) ? MaxTimeToLive : policy.MaxTimeToLive,
            Reservations = ChangeReservations(policy.Reservations),
        };
    }

    private Dictionary<string, int> ChangeReservations(IReadOnlyDictionary<string, int> present)
    {
        var reservations = new Dictionary<string, int>(present, StringComparer.OrdinalIgnoreCase);
        foreach (string name in Unreserve)
        {
            if (!reservations.Remove(name) && _warned.Add(name))
            {
                WriteWarning("No port is reserved for '" + name + "'.");
            }
        }

        foreach (DictionaryEntry entry in Reserve ?? new Hashtable())
        {
            string name = Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? "";
            reservations[name] = ReadPort(name, entry.Value);
        }

        return reservations;
    }

    private static int ReadPort(string name, object? value) => LanguagePrimitives.TryConvertTo(value, CultureInfo.InvariantCulture, out int port)
        ? port
        : throw new PortRegistryException(
            PortRegistryErrorCode.InvalidRequest,
            "'" + value + "' is no port to reserve for '" + name + "': write -Reserve @{ " + name + " = 8080 }.");
}
