using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using PortMgmt.Cluster;

namespace PortMgmt.RabbitMq.Connection;

/// <summary>TLS to one node of the broker, for one attempt: whom to trust, what to show, and what was wrong in words that help.</summary>
internal sealed class TlsCheck
{
    private readonly BrokerAddress _broker;
    private readonly string? _authorityFile;
    private readonly X509Certificate2Collection? _roots;
    private readonly X509Certificate2? _own;
    private readonly SslClientAuthenticationOptions _options;
    private string? _problem;
    private string[]? _askedFor;

    /// <summary>Reads the certificates.</summary>
    /// <exception cref="Operations.OperationException">They cannot be read.</exception>
    public TlsCheck(ClusterOptions options, BrokerAddress broker)
    {
        _broker = broker;
        _authorityFile = options.CaCertificate;
        _options = new SslClientAuthenticationOptions { TargetHost = broker.Host };
        if (options.CaCertificate is { } file)
        {
            _roots = CertificateFiles.ReadAuthorities(file);
        }

        if (options.ClientCertificate is { } own)
        {
            X509Certificate2Collection chain = CertificateFiles.ReadOwn(own, options.ClientKey, options.ClientKeyPassword);
            _own = chain[0];
            chain.RemoveAt(0);
            _options.ClientCertificateContext = SslStreamCertificateContext.Create(_own, chain, offline: true);
        }
    }

    /// <summary>What was wrong with the broker's certificate; null for nothing.</summary>
    public string? Problem => _problem;

    /// <summary>What the broker may have missed of ours, where it ended the connection without a word; null for nothing that is known.</summary>
    public string? Hint =>
        _own is not null ? $"it may not accept the certificate that it was shown, '{_own.Subject}', which '{_own.Issuer}' issued{Wanted()}"
        : _askedFor is not null ? $"it asked for a certificate of the client{Wanted()}, and none was given"
        : null;

    /// <summary>Agrees with the broker on a secure stream over another one, which ends with it.</summary>
    /// <exception cref="System.Security.Authentication.AuthenticationException">One does not trust the other: see <see cref="Problem"/> and <see cref="Hint"/>.</exception>
    public async Task<Stream> SecureAsync(Stream stream, CancellationToken cancellationToken)
    {
        var secure = new SslStream(stream, leaveInnerStreamOpen: false, IsTrusted, Select);
        try
        {
            await secure.AuthenticateAsClientAsync(_options, cancellationToken).ConfigureAwait(false);
            return secure;
        }
        catch
        {
            await secure.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private string Wanted() => _askedFor is { Length: > 0 } ? $" from {string.Join(" or ", _askedFor.Select(issuer => $"'{issuer}'"))}" : "";

    private X509Certificate2 Select(object sender, string targetHost, X509CertificateCollection local, X509Certificate? remote, string[] acceptableIssuers)
    {
        // The first call comes before anything was asked for.
        if (remote is not null || acceptableIssuers.Length > 0)
        {
            _askedFor = acceptableIssuers;
        }

        return _own!;
    }

    private bool IsTrusted(object sender, X509Certificate? certificate, X509Chain? presented, SslPolicyErrors errors)
    {
        if (certificate is not X509Certificate2 own)
        {
            _problem = "it showed no certificate";
        }
        else if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            // The name has to be right whoever vouches for it.
            _problem = $"its certificate is for {NamesOf(own)}, and not for '{_broker.Host}': name it as its certificate does";
        }
        else if (_roots is null)
        {
            _problem = errors == SslPolicyErrors.None ? null : Explain(presented, own, "no authority that this system trusts vouches for it: name its certificate as an authority's");
        }
        else
        {
            using X509Chain chain = MakeChain(presented);
            _problem = chain.Build(own) ? null : Explain(chain, own, $"none of those in '{_authorityFile}' vouches for it");
        }

        return _problem is null;
    }

    // What the broker sent along leads from its own certificate to an authority's; it proves nothing by itself.
    private X509Chain MakeChain(X509Chain? presented)
    {
        var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_roots!);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        if (presented is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(presented.ChainPolicy.ExtraStore);
            foreach (X509ChainElement element in presented.ChainElements)
            {
                chain.ChainPolicy.ExtraStore.Add(element.Certificate);
            }
        }

        return chain;
    }

    private static string Explain(X509Chain? chain, X509Certificate2 own, string unknownAuthority)
    {
        foreach (X509ChainElement element in chain?.ChainElements.AsEnumerable() ?? [])
        {
            X509Certificate2 certificate = element.Certificate;
            foreach (X509ChainStatus status in element.ChainElementStatus)
            {
                switch (status.Status)
                {
                    case X509ChainStatusFlags.NotTimeValid:
                        return string.Create(
                            CultureInfo.InvariantCulture,
                            $"the certificate '{certificate.Subject}' is valid from {certificate.NotBefore.ToUniversalTime():u} to {certificate.NotAfter.ToUniversalTime():u}, and now it is {DateTime.UtcNow:u}");
                    case X509ChainStatusFlags.UntrustedRoot or X509ChainStatusFlags.PartialChain:
                        return $"its certificate '{own.Subject}' leads to '{certificate.Issuer}', and {unknownAuthority}";
                    default:
                        return $"the certificate '{certificate.Subject}' does not hold: {status.StatusInformation.Trim().TrimEnd('.')}";
                }
            }
        }

        return $"its certificate '{own.Subject}' was issued by '{own.Issuer}', and {unknownAuthority}";
    }

    private static string NamesOf(X509Certificate2 certificate)
    {
        string[] names = [.. certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(extension => extension.EnumerateDnsNames().Concat(extension.EnumerateIPAddresses().Select(address => address.ToString())))];
        return names.Length > 0 ? string.Join(", ", names.Select(name => $"'{name}'")) : $"'{certificate.GetNameInfo(X509NameType.DnsName, forIssuer: false)}'";
    }
}
