<#
.SYNOPSIS
    Checks the health of many endpoints with retries, and reports.
.DESCRIPTION
    Against a server of its own, which this script starts on a leased port: every 50th endpoint is busy when it is first
    asked, every 1000th is broken. Retries bring the first ones through; the second ones are in the report.
.EXAMPLE
    ./examples/health-check.ps1 -Count 5000 -ReportPath ./health.html
#>
[CmdletBinding()]
param(
    [ValidateRange(1, 1000000)]
    [int] $Count = 5000,

    # The file for the report, a page of HTML.
    [string] $ReportPath
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Module -Name PortMgmt)) {
    Import-Module -Name (Join-Path $PSScriptRoot '../PortMgmt.psd1')
}

# The server, in a runspace of its own.
$serve = {
    param([System.Net.HttpListener] $Listener)
    $busy = [System.Collections.Generic.HashSet[int]]::new()
    while ($Listener.IsListening) {
        try {
            $context = $Listener.GetContext()
        }
        catch {
            return
        }
        $number = [int] $context.Request.Url.Segments[-1]
        $isFirst = $busy.Add($number)
        $context.Response.StatusCode = $number % 1000 -eq 0 ? 500 : $number % 50 -eq 0 -and $isFirst ? 503 : 200
        $context.Response.Close()
    }
}

$lease = New-PortLease -Name health-check
$listener = [System.Net.HttpListener]::new()
$listener.Prefixes.Add("http://127.0.0.1:$($lease.Port)/")
$listener.Start()
$server = [powershell]::Create().AddScript($serve).AddArgument($listener)
$serving = $server.BeginInvoke()
$client = [System.Net.Http.HttpClient]::new()
$daemon = New-Daemon -Name "health-check-$PID" -MaxConcurrent 16
try {
    $base = "http://127.0.0.1:$($lease.Port)/health"
    $results = 1..$Count | Start-OperationBatch -Daemon $daemon.Name -BatchSize 1 -Retry 2 -TimeoutSeconds 10 -WarningAction Ignore {
        $response = ($using:client).GetAsync("$using:base/$_").GetAwaiter().GetResult()
        $code = [int] $response.StatusCode
        $response.Dispose()
        if ($code -ne 200) {
            throw "HTTP $code"
        }
        $code
    }
    $metrics = Get-DaemonMetrics -Name $daemon.Name
    if ($ReportPath) {
        Export-DaemonReport -Path $ReportPath -Name $daemon.Name -AlertP99 1s -Force
    }
    [pscustomobject]@{
        Endpoints = $results.Count
        Healthy = $metrics.Succeeded
        Retries = $metrics.Retries
        Unhealthy = @($results | Where-Object -Property Status -NE 'Succeeded' | Sort-Object -Property Input |
                ForEach-Object -Process { "$($_.Input): $($_.Error[-1])" })
        P99Ms = [math]::Round($metrics.Latency.Service.P99.TotalMilliseconds, 1)
        PerSecond = [int] $metrics.Throughput
    }
}
finally {
    Remove-Daemon -Name $daemon.Name
    $client.Dispose()
    $listener.Stop()
    $null = $server.EndInvoke($serving)
    $server.Dispose()
    $lease | Remove-PortLease
}
