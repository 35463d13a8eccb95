<#
.SYNOPSIS
    A service of the example three-services.ps1: answers a line to everybody who connects, after it has asked the service
    that it uses.
.DESCRIPTION
    It knows that service by name alone. Its lease belongs to its process and ends with it.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)]
    [string] $Name,

    # The name of the service that it uses; none for the last one.
    [string] $Uses,

    [string] $Module = (Join-Path $PSScriptRoot '../../PortMgmt.psd1')
)

$ErrorActionPreference = 'Stop'
Import-Module -Name $Module

function Read-Greeting {
    param([int] $Port)
    $client = [System.Net.Sockets.TcpClient]::new('127.0.0.1', $Port)
    try {
        [System.IO.StreamReader]::new($client.GetStream()).ReadLine()
    }
    finally {
        $client.Dispose()
    }
}

Use-PortLease -Name $Name {
    $listener = [System.Net.Sockets.TcpListener]::new('127.0.0.1', $Port)
    $listener.Start()
    while ($true) {
        $client = $listener.AcceptTcpClient()
        $answer = $Name
        if ($Uses) {
            $answer += ' -> ' + (Read-Greeting -Port (Get-PortLease -Name $Uses -State Active).Port)
        }
        $writer = [System.IO.StreamWriter]::new($client.GetStream())
        $writer.WriteLine($answer)
        $writer.Dispose()
    }
}
