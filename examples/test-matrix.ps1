<#
.SYNOPSIS
    Runs an integration test for each cell of a matrix, each with a port of its own.
.DESCRIPTION
    Tests that listen on a fixed port cannot run beside each other. With -LeasePort each operation gets a port that nobody
    else has, as $Port, and gives it back at its end. -Id names the cells in results and in the job log.
.EXAMPLE
    ./examples/test-matrix.ps1
.EXAMPLE
    ./examples/test-matrix.ps1 -Failing 'v2/tls' | Where-Object Status -NE Succeeded
#>
[CmdletBinding()]
param(
    [string[]] $Version = @('v1', 'v2', 'v3'),

    [string[]] $Transport = @('plain', 'tls', 'proxy'),

    # Cells whose server answers wrongly, to see what a failure looks like.
    [string[]] $Failing = @()
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Module -Name PortMgmt)) {
    Import-Module -Name (Join-Path $PSScriptRoot '../PortMgmt.psd1')
}

$cells = foreach ($one in $Version) {
    foreach ($other in $Transport) {
        [pscustomobject]@{ Cell = "$one/$other" }
    }
}

$cells | Start-OperationBatch -Id Cell -LeasePort -MaxConcurrent 4 -BatchSize 1 -TimeoutSeconds 30 -Ordered -WarningAction Ignore {
    # The server under test, which would be a process in earnest.
    $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, $Port)
    $listener.Start()
    try {
        $client = [System.Net.Sockets.TcpClient]::new('127.0.0.1', $Port)
        $server = $listener.AcceptTcpClient()
        $writer = [System.IO.StreamWriter]::new($server.GetStream())
        $writer.WriteLine($_.Cell -in $using:Failing ? 'nonsense' : $_.Cell)
        $writer.Dispose()
        $answer = [System.IO.StreamReader]::new($client.GetStream()).ReadLine()
        $client.Dispose()
        if ($answer -ne $_.Cell) {
            throw "$($_.Cell) answered '$answer'."
        }
        $answer
    }
    finally {
        $listener.Stop()
    }
} | ForEach-Object -Process {
    [pscustomobject]@{ Cell = $_.Id; Status = $_.Status; Port = $_.Port; Ms = [int] $_.Duration.TotalMilliseconds; Error = "$($_.Error)" }
}
