using System.Globalization;
using PortMgmt.Operations;

namespace PortMgmt.Cluster;

/// <summary>Where a broker is and who asks: read from a URL, an explicit credential and the environment. Never shows its password.</summary>
internal sealed class BrokerAddress
{
    /// <summary>The environment's URL, where none is given.</summary>
    public const string UrlVariable = "PORTMGMT_BROKER";

    /// <summary>The environment's user name, where neither a credential nor the URL has one.</summary>
    public const string UserVariable = "PORTMGMT_BROKER_USER";

    /// <summary>The environment's password.</summary>
    public const string PasswordVariable = "PORTMGMT_BROKER_PASSWORD";

    private const string PlainScheme = "amqp";
    private const string TlsScheme = "amqps";

    /// <summary>What a broker takes on its own host unless its administrators removed it.</summary>
    private const string DefaultUser = "guest";

    private BrokerAddress(string host, int port, string virtualHost, bool usesTls, string user, string password)
    {
        Host = host;
        Port = port;
        VirtualHost = virtualHost;
        UsesTls = usesTls;
        User = user;
        Password = password;
    }

    /// <summary>The broker's host name or address.</summary>
    public string Host { get; }

    /// <summary>The broker's port; 5672, with TLS 5671, unless the URL says otherwise.</summary>
    public int Port { get; }

    /// <summary>The virtual host; <c>/</c> unless the URL has a path.</summary>
    public string VirtualHost { get; }

    /// <summary>The connection is encrypted and the broker's certificate checked.</summary>
    public bool UsesTls { get; }

    /// <summary>The user that logs in.</summary>
    public string User { get; }

    internal string Password { get; }

    /// <summary>Reads an address.</summary>
    /// <param name="url">
    /// <c>amqp://host[:port][/vhost]</c> or <c>amqps://…</c>, with or without <c>user:password@</c>; null for the environment's.
    /// </param>
    /// <param name="user">The user of an explicit credential, which comes before all else; null for none.</param>
    /// <param name="password">The password of that credential.</param>
    /// <param name="environment">Reads an environment variable; null for the process's own.</param>
    /// <returns>The address.</returns>
    /// <exception cref="OperationException"><see cref="OperationErrorCode.InvalidOption"/>: it is no address of a broker. The message never repeats it.</exception>
    public static BrokerAddress Parse(string? url, string? user = null, string? password = null, Func<string, string?>? environment = null)
    {
        environment ??= Environment.GetEnvironmentVariable;
        url ??= environment(UrlVariable);
        if (string.IsNullOrWhiteSpace(url))
        {
            throw Invalid($"There is no broker: give a URL such as amqp://host:5672/vhost, or set {UrlVariable}.");
        }

        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) || uri.Scheme is not (PlainScheme or TlsScheme) || uri.Host.Length == 0)
        {
            throw Invalid("The broker's URL cannot be read: write amqp://host:5672/vhost, or amqps:// for TLS, with special characters percent-encoded.");
        }

        if (uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            throw Invalid("The broker's URL has a query or a fragment, which mean nothing here: leave out what follows '?' or '#'.");
        }

        bool usesTls = uri.Scheme == TlsScheme;
        (string? urlUser, string? urlPassword) = ReadUserInfo(uri);
        (string? name, string? secret) = user is not null ? (user, password)
            : urlUser is not null ? (urlUser, urlPassword)
            : (environment(UserVariable), environment(PasswordVariable));
        return new BrokerAddress(
            uri.IdnHost,
            uri.Port > 0 ? uri.Port : usesTls ? 5671 : 5672,
            ReadVirtualHost(uri),
            usesTls,
            name ?? DefaultUser,
            secret ?? (name is null ? DefaultUser : string.Empty));
    }

    /// <summary>Reads one address or several of the same broker's nodes, separated by commas.</summary>
    /// <param name="urls">Addresses as <see cref="Parse"/> takes them; null for the environment's.</param>
    /// <param name="user">As of <see cref="Parse"/>.</param>
    /// <param name="password">As of <see cref="Parse"/>.</param>
    /// <param name="environment">As of <see cref="Parse"/>.</param>
    /// <returns>At least one, in their order.</returns>
    /// <exception cref="OperationException">As of <see cref="Parse"/>.</exception>
    public static IReadOnlyList<BrokerAddress> ParseAll(string? urls, string? user = null, string? password = null, Func<string, string?>? environment = null)
    {
        environment ??= Environment.GetEnvironmentVariable;
        string[] each = (urls ?? environment(UrlVariable))?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        return each.Length == 0 ? [Parse(urls, user, password, environment)] : Array.ConvertAll(each, url => Parse(url, user, password, environment));
    }

    /// <summary>The address without user and password, as errors and logs may show it.</summary>
    /// <returns>A URL.</returns>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(UsesTls ? TlsScheme : PlainScheme)}://{Host}:{Port}{(VirtualHost == "/" ? "" : "/" + Uri.EscapeDataString(VirtualHost))}");

    private static (string? User, string? Password) ReadUserInfo(Uri uri)
    {
        if (uri.UserInfo.Length == 0)
        {
            return (null, null);
        }

        int colon = uri.UserInfo.IndexOf(':', StringComparison.Ordinal);
        return colon < 0
            ? (Uri.UnescapeDataString(uri.UserInfo), null)
            : (Uri.UnescapeDataString(uri.UserInfo[..colon]), Uri.UnescapeDataString(uri.UserInfo[(colon + 1)..]));
    }

    private static string ReadVirtualHost(Uri uri) => uri.AbsolutePath is "" or "/" ? "/" : Uri.UnescapeDataString(uri.AbsolutePath[1..]);

    private static OperationException Invalid(string message) => new(OperationErrorCode.InvalidOption, message) { Option = "Broker" };
}
